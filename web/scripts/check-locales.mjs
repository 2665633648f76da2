// Every language has the messages of English with the same variables, and every message that the
// source asks for exists. Fails with one line per fault.
import { readFileSync, readdirSync } from 'node:fs';
import { parse, Visitor } from '@fluent/syntax';

const LANGUAGES = ['en', 'sq', 'tr', 'it', 'es', 'de', 'fr'];
const locales = new URL('../../locales/', import.meta.url);
const faults = [];

class Variables extends Visitor {
  names = new Set();
  visitVariableReference(node) {
    this.names.add(node.id.name);
  }
}

function signatures(lang, file) {
  const found = new Map();
  for (const entry of parse(readFileSync(new URL(`${lang}/${file}`, locales), 'utf8'), {}).body) {
    if (entry.type === 'Junk') faults.push(`${lang}/${file}: does not parse: ${entry.content.trim().split('\n')[0]}`);
    if (entry.type !== 'Message') continue;
    if (found.has(entry.id.name)) faults.push(`${lang}/${file}: ${entry.id.name} is there twice`);
    const variables = new Variables();
    variables.visit(entry);
    found.set(entry.id.name, [...variables.names].sort().join(', '));
  }
  return found;
}

for (const file of readdirSync(new URL('en/', locales))) {
  const english = signatures('en', file);
  for (const lang of LANGUAGES.slice(1)) {
    const other = signatures(lang, file);
    for (const [id, variables] of english) {
      if (!other.has(id)) faults.push(`${lang}/${file}: ${id} is missing`);
      else if (other.get(id) !== variables) faults.push(`${lang}/${file}: ${id} has {${other.get(id)}}, English has {${variables}}`);
    }
    for (const id of other.keys()) if (!english.has(id)) faults.push(`${lang}/${file}: ${id} is not in English`);
  }
}

// Ids written in the source: t('library-title'), id="..." of the registry, and prefixes t(`band-${x}`).
const known = new Set(signatures('en', 'web.ftl').keys());
const used = new Set();
const source = new URL('../src/', import.meta.url).pathname;
for (const name of readdirSync(source, { recursive: true })) {
  if (!/\.tsx?$/.test(name) || name.endsWith('.gen.ts')) continue;
  const path = source + name;
  const text = readFileSync(path, 'utf8');
  for (const [, id] of text.matchAll(/\b(?:t|message)\(\s*'([a-z0-9-]+)'/g)) {
    used.add(id);
    if (!known.has(id)) faults.push(`${path.slice(source.length)}: asks for ${id}, which no language has`);
  }
  for (const id of known) if (text.includes(`'${id}'`)) used.add(id);
  for (const [, prefix] of text.matchAll(/`([a-z-]+-)\$\{/g)) for (const id of known) if (id.startsWith(prefix)) used.add(id);
}
for (const id of known) if (!used.has(id)) faults.push(`en/web.ftl: ${id} is used nowhere`);

for (const fault of faults) console.error(fault);
console.log(`locales: ${LANGUAGES.length} languages, ${known.size} web messages, ${faults.length} faults`);
process.exit(faults.length > 0 ? 1 : 0);
