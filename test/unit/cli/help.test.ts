import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runHere } from './run-here.ts';

interface VerbData {
  readonly name: string;
  readonly examples: readonly string[];
  readonly options: readonly { readonly flags: string }[];
}

async function verbs(): Promise<readonly VerbData[]> {
  const { stdout } = await runHere(['help', '--json']);
  const data: { readonly verbs: readonly VerbData[] } = JSON.parse(stdout);
  return data.verbs;
}

function coloured(options: Parameters<typeof runHere>[1]): Promise<boolean> {
  return runHere(['--help'], options).then(({ stdout }) => stdout.includes('\u001b['));
}

describe('help', () => {
  test('lists the verbs first, in their groups, then options, examples and exit codes', async () => {
    const { code, stdout, stderr } = await runHere(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    const titles = stdout.split('\n').filter((line) => /^[A-Z][^.]*:( |$)/.test(line));
    expect(titles.map((title) => title.split(':')[0])).toEqual([
      'Usage',
      'Records',
      'Dipper',
      'This command',
      'Options',
      'Where the records are',
      'Global options',
      'Examples',
      'With --json',
      'Exit codes',
    ]);
    expect(await runHere(['help'])).toEqual({ code, stdout, stderr });
  });

  test('of each verb says what it does in two sentences or more, with examples, and is the same as data', async () => {
    for (const { name, examples, options } of await verbs()) {
      const { stdout } = await runHere(['help', name], { environment: { COLUMNS: '200' } });
      expect(await runHere([name, '--help'], { environment: { COLUMNS: '200' } })).toMatchObject({ code: 0, stdout });
      const [usage, , summary, details, blank] = stdout.split('\n');
      expect([usage, blank]).toEqual([expect.stringContaining(`Usage: dipper ${name} [options]`), '']);
      expect([summary, details]).toEqual([
        expect.stringMatching(/^[A-Z].*[^.]\.$/),
        expect.stringMatching(/^[A-Z].*\.$/),
      ]);
      expect(examples.length).toBeGreaterThanOrEqual(2);
      for (const example of examples) expect(stdout).toContain(example.split('\n')[0]);
      for (const { flags } of options) expect(stdout).toContain(`  ${flags} `);
      expect(options.map(({ flags }) => flags)).toEqual(
        expect.arrayContaining(['--data-dir <folder>', '--json', '--quiet', '--no-progress']),
      );
      expect(JSON.parse((await runHere([name, '--help', '--json'])).stdout)).toMatchObject({ name });
    }
  });

  test('keeps to the width there is, examples aside', async () => {
    for (const columns of [60, 75]) {
      const texts = [await runHere(['help', 'query'], { environment: { COLUMNS: String(columns) } })];
      texts.push(await runHere(['help', 'query'], { terminalColumns: columns, environment: { NO_COLOR: '1' } }));
      for (const { stdout } of texts) {
        const lines = stdout.split('\n').filter((line) => !/^ {2,4}(dipper|echo|--sort -|--where ')/.test(line));
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
      }
    }
  });

  test('has colours in a terminal alone, and none where NO_COLOR is set', async () => {
    expect(await coloured({ terminalColumns: 80 })).toBe(true);
    expect(await coloured({})).toBe(false);
    expect(await coloured({ terminalColumns: 80, environment: { NO_COLOR: '1' } })).toBe(false);
    expect(await coloured({ terminalColumns: 80, environment: { TERM: 'dumb' } })).toBe(false);
  });

  test('and the version are JSON where that is asked for', async () => {
    expect(await runHere(['--version'])).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' });
    expect(await runHere(['--version', '--json'])).toEqual({ code: 0, stdout: '{"version":"1.2.3"}\n', stderr: '' });
  });

  test('is in docs/command-line.md as it is printed', async () => {
    const docs = await readFile(join(import.meta.dirname, '../../../docs/command-line.md'), 'utf8');
    const written = docs.slice(docs.indexOf('### dipper\n'));
    let expected = '';
    for (const verb of ['', ...(await verbs()).map(({ name }) => name)]) {
      const { stdout } = await runHere(['help', ...(verb === '' ? [] : [verb])], { environment: { COLUMNS: '100' } });
      expected += `### ${`dipper ${verb}`.trim()}\n\n\`\`\`text\n${stdout.trimEnd()}\n\`\`\`\n\n`;
    }
    expect(written, 'run npm run docs:command-line').toBe(`${expected.trimEnd()}\n`);
  });
});
