import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { splitLine } from '../../../electron/cli/completion/split-line.ts';
import { runHere } from './run-here.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dipper-completion-'));
  const write = (name: string, content: unknown) =>
    writeFile(join(folder, name), JSON.stringify({ format: 1, content }));
  await write('connections.json', [
    { id: 'a', name: 'Sandbox' },
    { id: 'b', name: 'Our archive' },
  ]);
  await write('collections.json', [
    { name: 'movies', bucket: 'samples', prefix: 'movies/', connectionId: 'a' },
    { name: 'letters', bucket: 'archive', prefix: 'letters 1900/', connectionId: 'b' },
  ]);
  await write('url-collections.json', [
    { id: 'u', collection: { name: 'other/x/', bucket: 'other', prefix: 'x/', connectionId: 'url-1' } },
  ]);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What is offered after `words`, the last one unfinished: values, and `:files` or `:folders` for the shell's own. */
async function offered(words: readonly string[], dataFolder = folder): Promise<readonly string[]> {
  const marked = words.map((word, place) => (place === words.length - 1 ? `=${word}` : word));
  const { code, stdout, stderr } = await runHere(['__complete', 'zsh', ...marked], {
    environment: { DIPPER_DATA_DIR: dataFolder },
  });
  expect([code, stderr]).toEqual([0, '']);
  const lines = stdout.trimEnd().split('\n');
  return lines.map((line) => line.split('\t')[0] ?? '').filter((line) => line !== ':');
}

describe('completion offers', () => {
  test.each([
    [
      'verbs',
      [''],
      [
        'query',
        'sql',
        'count',
        'get',
        'put',
        'set',
        'update',
        'tag',
        'set-class',
        'copy',
        'move',
        'promote',
        'restore',
        'undelete',
        'import',
        'delete',
        'export',
        'serve',
        'sandbox',
        'sign-in',
        'check',
        'connections',
        'config',
        'jobs',
        'ledger',
        'diagnostics',
        'forget',
        'call',
        'completion',
        'help',
      ],
    ],
    ['verbs that begin so', ['--json', 's'], ['sql', 'set', 'set-class', 'serve', 'sandbox', 'sign-in']],
    ['verbs to be explained', ['help', 'c'], ['count', 'copy', 'check', 'connections', 'config', 'call', 'completion']],
    ['options of the verb', ['query', '--s'], ['--sort', '--select', '--stats']],
    ['options that were not given yet', ['query', '--sort', 'a', '--s'], ['--select', '--stats']],
    ['choices of an option', ['query', '--format', ''], ['table', 'json', 'ndjson', 'csv']],
    ['choices after =', ['query', '--codec=d'], ['--codec=dataknobs']],
    ['choices before the verb', ['--codec', 'p'], ['plain']],
    ['what to do with a job', ['jobs', 're'], ['report', 'resume', 'retry', 'remove']],
    ['choices of an argument', ['completion', ''], ['bash', 'zsh', 'fish', 'powershell']],
    ['connections', ['count', '--connection', ''], ['Sandbox', 'Our archive']],
    ['addresses of records', ['get', 's3'], ['s3://samples/movies/', 's3://archive/letters 1900/', 's3://other/x/']],
    ['addresses of one connection', ['get', '--connection', 'Our archive', ''], ['s3://archive/letters 1900/']],
    ['files', ['query', 's3://samples/movies/', '--query', ''], [':files']],
    ['folders', ['sandbox', '--directory', ''], [':folders']],
    ['nothing for an id', ['get', 's3://samples/movies/', ''], []],
    ['nothing for an endpoint', ['get', '--endpoint', ''], []],
    ['nothing after a verb that there is not', ['frob', ''], []],
    ['no options after --', ['get', '--', '--s'], []],
  ])('%s', async (_, words, expected) => {
    expect(await offered(words)).toEqual(expected);
  });

  test('each option of each verb, made from the same tree as help', async () => {
    const { stdout } = await runHere(['help', '--json']);
    const data: {
      readonly verbs: readonly { readonly name: string; readonly options: readonly { flags: string }[] }[];
    } = JSON.parse(stdout);
    for (const { name, options } of data.verbs) {
      const flags = options.map((option) => /--[a-z-]+/.exec(option.flags)?.[0]);
      expect(await offered([name, '--'])).toEqual([...flags, '--help']);
    }
  });

  test('names of the folder that the line names, which is only read', async () => {
    const other = join(folder, 'other');
    await mkdir(other);
    expect(await offered(['--data-dir', folder, 'count', '--connection', 'O'], other)).toEqual(['Our archive']);
    expect(await offered(['count', '--connection', ''], other)).toEqual([]);
    expect(await offered(['count', '--connection', ''], join(folder, 'missing'))).toEqual([]);
    expect(await readdir(other)).toEqual([]);
    await writeFile(join(other, 'connections.json'), '{"format": 1, "content": [');
    expect(await offered(['count', '--connection', ''], other)).toEqual([]);
    expect(await readdir(other)).toEqual(['connections.json']);
  });
});

test.each([
  ['dipper query ', ['dipper', 'query', '']],
  ['dipper  que', ['dipper', 'que']],
  [`dipper query 's3://a b/' "x\\"y" c\\ d`, ['dipper', 'query', 's3://a b/', 'x"y', 'c d']],
  [`dipper query 's3://a b`, ['dipper', 'query', 's3://a b']],
  [`dipper get '' `, ['dipper', 'get', '', '']],
])('the line %j of bash is words', (line, words) => {
  expect(splitLine(line)).toEqual(words);
});
