import { readFileSync } from 'node:fs';
import { differenceCiede2000, filterDeficiencyDeuter, filterDeficiencyProt, filterDeficiencyTrit, parse, wcagContrast } from 'culori';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('../src/app/globals.css', import.meta.url), 'utf8');

function tokens(selector: string): Record<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`)).split('}')[0] ?? '';
  return Object.fromEntries([...block.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]));
}

const themes = { light: tokens(':root'), dark: tokens(":root[data-theme='dark']") };
const BANDS = ['delta', 'theta', 'alpha', 'sigma', 'beta', 'gamma'];
const SURFACES = ['surface', 'raised', 'sunken'];

describe.each(Object.entries(themes))('%s tokens', (_, theme) => {
  const contrast = (a: string, b: string) => wcagContrast(theme[a]!, theme[b]!);

  test.each(['ink', 'ink-2', 'accent', 'ok', 'warn', 'bad'])('%s is readable as text on every surface', (name) => {
    for (const surface of SURFACES) expect(contrast(name, surface)).toBeGreaterThanOrEqual(4.5);
  });

  test('text on the accent is readable', () => {
    expect(contrast('on-accent', 'accent')).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['control', 'focus'])('%s stands out on every surface', (name) => {
    for (const surface of SURFACES) expect(contrast(name, surface)).toBeGreaterThanOrEqual(3);
  });

  // Band colours are for lines and bars on paper; delta would be at 2.8 on the sunken surface.
  test.each(BANDS)('%s stands out as a graphic', (name) => {
    for (const surface of ['surface', 'raised']) expect(contrast(name, surface)).toBeGreaterThanOrEqual(3);
  });

  test('bands differ for normal and colour-blind eyes', () => {
    const difference = differenceCiede2000();
    const eyes = [(c: unknown) => c, filterDeficiencyProt(1), filterDeficiencyDeuter(1), filterDeficiencyTrit(1)];
    for (const see of eyes) {
      for (const [i, a] of BANDS.entries()) {
        for (const b of BANDS.slice(i + 1)) expect(difference(see(parse(theme[a]!)), see(parse(theme[b]!)))).toBeGreaterThanOrEqual(20);
      }
    }
  });
});
