// Brings the message files of ../locales into the web app: English goes into the bundle, the other
// languages become static files with their hash in the name, so a browser may keep them for ever.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const LANGUAGES = ['en', 'sq', 'tr', 'it', 'es', 'de', 'fr'];
const FILES = ['web.ftl', 'state.ftl'];
const web = new URL('../', import.meta.url);

rmSync(new URL('public/messages/', web), { recursive: true, force: true });
mkdirSync(new URL('public/messages/', web), { recursive: true });

const urls = {};
let english = '';
for (const lang of LANGUAGES) {
  const text = FILES.map((name) => readFileSync(new URL(`../locales/${lang}/${name}`, web), 'utf8')).join('\n');
  if (lang === 'en') english = text;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 10);
  writeFileSync(new URL(`public/messages/${lang}.${hash}.ftl`, web), text);
  urls[lang] = `/messages/${lang}.${hash}.ftl`;
}
writeFileSync(
  new URL('src/i18n/messages.gen.ts', web),
  `// Written by scripts/messages.mjs from ../locales; not committed.
export const ENGLISH = ${JSON.stringify(english)};
export const MESSAGE_URLS: Record<string, string> = ${JSON.stringify(urls, null, 2)};
`,
);
