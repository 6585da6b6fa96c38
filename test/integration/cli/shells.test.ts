import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildDipper, createDipper, type Dipper } from './run-dipper.ts';

let dipper: Dipper;

beforeAll(async () => {
  await buildDipper();
  dipper = await createDipper({ TERM: 'xterm' });
  // The data folder as a window has left it, a connection with a blank in its name in it.
  await dipper.run(['call', 'connections:list']);
  const file = join(dipper.dataFolder, 'data/connections.json');
  const stored: { format: number; content: object[] } = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...stored, content: [...stored.content, { id: 'x', name: 'Our archive' }] }));
}, 120_000);

afterAll(() => dipper.remove());

const hasProgram = (name: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));

describe('the script of each shell', () => {
  const checks: readonly (readonly [shell: string, program: readonly string[]])[] = [
    ['bash', ['bash', '-n', '-c']],
    ['zsh', ['zsh', '-n', '-c']],
    ['fish', ['fish', '--no-execute', '-c']],
  ];
  test.each(checks.filter(([shell]) => hasProgram(shell)))('is one that %s can read', async (shell, program) => {
    const { code, stdout } = await dipper.run(['completion', shell]);
    expect(code).toBe(0);
    expect(await dipper.shell(stdout, program)).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('is JSON where that is asked for', async () => {
    const { stdout } = await dipper.run(['completion', 'powershell', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      shell: 'powershell',
      script: expect.stringContaining('Register-ArgumentCompleter -Native -CommandName dipper'),
    });
  });
});

/** How each shell is started, how it gets its completion, and what shows what arrived as a command's arguments. */
const SHELLS: Readonly<Record<string, readonly [start: string, setUp: string]>> = {
  bash: [
    'bash --noprofile --norc -i',
    'eval "$(dipper completion bash)"; dipper() { printf "<%s>" "$@"; echo arrived $((40 + 2)); }; echo set up $((40 + 2))',
  ],
  zsh: [
    'zsh -f -i',
    'autoload -U compinit; compinit -u -D; eval "$(dipper completion zsh)"; function dipper { printf "<%s>" "$@"; echo arrived $((40 + 2)) }; echo set up $((40 + 2))',
  ],
  fish: [
    'fish --no-config -i',
    'dipper completion fish | source; function dipper; printf "<%s>" $argv; echo arrived (math 40 + 2); end; echo set up (math 40 + 2)',
  ],
};

const LINES = [
  ['cou', '<count>'],
  ['query --form', '<query><--format>'],
  ['query --codec data', '<query><--codec><dataknobs>'],
  ['get s3://samples/mov', '<get><s3://samples/movies/>'],
  ['count --connection O', '<count><--connection><Our archive>'],
] as const;

// script of util-linux makes the terminal; that of other systems takes other options.
const interactive = process.platform === 'linux' ? ['bash', 'zsh', 'fish'].filter(hasProgram) : [];

test.each(interactive)('Tab in %s completes verbs, options and names', async (shell) => {
  const [start = '', setUp = ''] = SHELLS[shell] ?? [];
  const terminal = dipper.inTerminal(start);
  terminal.type(`${setUp}\n`);
  await terminal.shows('set up 42');
  for (const [place, [line]] of LINES.entries()) {
    terminal.type(`dipper ${line}\t\n`);
    await terminal.shows('arrived 42', place + 1);
  }
  terminal.type('exit\n');
  const { stdout } = await terminal.end();
  const arrived = Array.from(stdout.matchAll(/((?:<[^<>\r\n]*>)+)arrived 42/g), ([, words]) => words);
  expect(arrived).toEqual(LINES.map(([, words]) => words));
});
