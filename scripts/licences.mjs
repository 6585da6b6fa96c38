// What ships inside Dipper, with its licences: dist/renderer/licences.json, which the About box shows and the list of parts
// (sbom.mjs) is made of. The bundler says what it bundled; DuckDB and Electron stand beside the bundles.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from './set-up.mjs';

export const LICENCES_FILE = 'dist/renderer/licences.json';
/** Written by the bundler: `## NAME - VERSION (LICENCE)` and the text. */
export const BUNDLED = ['dist/renderer/licenses.md', 'dist/node/licenses.md'];
/** What no bundle holds, and what it needs. */
const BESIDE = ['@duckdb/node-api', '@duckdb/node-bindings', 'detect-libc', 'electron'];

export function writeLicences() {
  const all = [...BUNDLED.flatMap((file) => readBundled(readFileSync(join(projectFolder, file), 'utf8'))), ...beside()];
  const found = new Map(all.map((licence) => [`${licence.name} ${licence.version}`, licence]));
  const sorted = [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const without = sorted.filter(({ licence, text }) => licence === '' || text === '');
  // Nobody may ship what they may not: a build says so before a person does.
  if (without.length > 0) throw new Error(`no licence is known of ${without.map(({ name }) => name).join(', ')}`);
  writeFileSync(join(projectFolder, LICENCES_FILE), `${JSON.stringify(sorted)}\n`);
}

export function readBundled(markdown) {
  const heads = [...markdown.matchAll(/^## (\S+) - (\S+) \((.+)\)$/gm)];
  return heads.map((head, place) => ({
    name: head[1],
    version: head[2],
    licence: head[3],
    text:
      markdown.slice(head.index + head[0].length, heads[place + 1]?.index).trim() ||
      // Some packages name their licence and leave its text out.
      `Licensed under ${head[3]}. The package holds no text of it.`,
  }));
}

function beside() {
  return BESIDE.map((name) => {
    const folder = join(projectFolder, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    const text = file === undefined ? `Licensed under ${license}.` : readFileSync(join(folder, file), 'utf8').trim();
    const note =
      name === 'electron' ? '\n\nWhat Electron itself is made of is in LICENSES.chromium.html beside the program.' : '';
    return { name, version, licence: license ?? '', text: `${text}${note}` };
  });
}

export function readLicences() {
  const file = join(projectFolder, LICENCES_FILE);
  if (!existsSync(file)) throw new Error(`${LICENCES_FILE} is not there: npm run build`);
  return JSON.parse(readFileSync(file, 'utf8'));
}
