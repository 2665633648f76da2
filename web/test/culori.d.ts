declare module 'culori' {
  type Color = { mode: string };
  export function parse(color: string): Color | undefined;
  export function wcagContrast(a: string, b: string): number;
  export function differenceCiede2000(): (a: unknown, b: unknown) => number;
  export function filterDeficiencyProt(severity: number): (color: unknown) => unknown;
  export function filterDeficiencyDeuter(severity: number): (color: unknown) => unknown;
  export function filterDeficiencyTrit(severity: number): (color: unknown) => unknown;
}
