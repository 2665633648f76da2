// Two rules of the layout: next/* is imported by src/nav.tsx (and src/app) only, and a module never
// imports another module.
import { readFileSync, readdirSync } from 'node:fs';

const source = new URL('../src/', import.meta.url).pathname;
const faults = [];
for (const file of readdirSync(source, { recursive: true })) {
  if (!/\.tsx?$/.test(file)) continue;
  const path = source + file;
  const own = /^modules\/([^/]+)\//.exec(file)?.[1];
  for (const [, from] of readFileSync(path, 'utf8').matchAll(/from '([^']+)'/g)) {
    if (/^next\//.test(from) && file !== 'nav.tsx') faults.push(`${file}: imports ${from}; only nav.tsx may`);
    const other = /^@\/modules\/([^/]+)\//.exec(from)?.[1];
    if (own && other && other !== own) faults.push(`${file}: module ${own} imports module ${other}`);
    if (file.startsWith('plots/') && /^(react|@\/(?!plots|api\/types))/.test(from)) faults.push(`${file}: the plot engine is free of ${from}`);
  }
}
for (const fault of faults) console.error(fault);
console.log(`imports: ${faults.length} faults`);
process.exit(faults.length > 0 ? 1 : 0);
