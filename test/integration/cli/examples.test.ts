import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildDipper, createDipper, type Dipper, type RunningCommand } from './run-dipper.ts';

const root = resolve(import.meta.dirname, '../../..');

let dipper: Dipper;
let served: RunningCommand;

beforeAll(async () => {
  await buildDipper();
  dipper = await createDipper({});
  served = dipper.start(['serve', '--no-open']);
  await served.line();
}, 120_000);

afterAll(async () => {
  await served.stop();
  await dipper.remove();
});

/** Runs until it is told to end; what opens Dipper finds one that runs already, and ends by itself. */
const RUNS_ON = /^dipper sandbox\b/;

async function examplesOfHelp(): Promise<readonly string[]> {
  const { stdout } = await dipper.run(['help', '--json']);
  const help: { examples: string[]; verbs: { examples: string[] }[] } = JSON.parse(stdout);
  return [...help.examples, ...help.verbs.flatMap(({ examples }) => examples)];
}

/** The blocks of shell commands in a document; what begins with $ is not meant to be run as it is. */
async function examplesOf(document: string): Promise<readonly string[]> {
  const text = await readFile(join(root, document), 'utf8');
  return Array.from(text.matchAll(/^```sh\n(.*?)^```$/gms), ([, block = '']) => block.trim());
}

test('the examples of help, the README and the docs work as they are written', async () => {
  const documents = [
    ...(await examplesOf('README.md')),
    ...(await examplesOf('docs/command-line.md')),
    ...(await examplesOf('docs/bulk-changes.md')),
  ];
  const all = [...(await examplesOfHelp()), ...documents].filter((example) => /\bdipper\b/.test(example));
  const examples = Array.from(new Set(all));
  expect(examples.length).toBeGreaterThan(25);
  const outcomes: Record<string, unknown> = {};
  for (const example of examples) {
    // npx would look for the package in the registry; here `dipper` is in the PATH.
    const line = example.replaceAll('npx dipper', 'dipper');
    if (!RUNS_ON.test(line)) {
      const { code, stderr } = await dipper.shell(`set -e\n${line}`);
      outcomes[example] = code === 0 ? 0 : stderr;
      continue;
    }
    const command = dipper.start(line.split(' ').slice(1));
    await command.line();
    outcomes[example] = (await command.stop()).code;
  }
  expect(outcomes).toEqual(Object.fromEntries(examples.map((example) => [example, 0])));
}, 180_000);
