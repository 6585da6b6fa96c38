// npm run docs:command-line: writes what `dipper help` prints for each verb into docs/command-line.md. A test holds the
// two against each other.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { projectFolder, setUp } from './set-up.mjs';

setUp();
await build();

const file = join(projectFolder, 'docs/command-line.md');
const text = readFileSync(file, 'utf8');
const start = text.indexOf('## Verbs and options');
const head = text.slice(start, text.indexOf('\n### ', start));
const verbs = JSON.parse(help('--json')).verbs.map(({ name }) => name);
const sections = ['', ...verbs].map((verb) => {
  const title = `dipper ${verb}`.trim();
  return `### ${title}\n\n\`\`\`text\n${help(...(verb === '' ? [] : [verb])).trimEnd()}\n\`\`\`\n`;
});
writeFileSync(file, `${text.slice(0, start)}${head}\n${sections.join('\n')}`);

function help(...args) {
  return execFileSync(process.execPath, [join(projectFolder, 'dist/node/cli.js'), 'help', ...args], {
    encoding: 'utf8',
    env: { ...process.env, COLUMNS: '100' },
  });
}
