import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../support/sandbox.ts';
import { buildDipper, createDipper, type Dipper, type RunningCommand } from './run-dipper.ts';

const NOTES = 's3://records/notes/';

let sandbox: TestSandbox;
let dipper: Dipper;
let served: RunningCommand;

beforeAll(async () => {
  await buildDipper();
  sandbox = await startTestSandbox({ buckets: ['records'] });
  const { endpoint, region, accessKeyId, secretAccessKey } = sandbox;
  const client = createS3Client(targetOf(sandbox));
  const bodies = ['{"text": "=1+1", "n": 9007199254740993}', '{"text": "b", "n": -0.5}', '{"text": '];
  for (const [place, body] of bodies.entries()) {
    await client.putObject('records', `notes/${place + 1}.json`, Buffer.from(body), {});
  }
  await client.close();
  dipper = await createDipper({
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: region,
  });
  served = dipper.start(['serve', '--no-open']);
  await served.line();
}, 120_000);

afterAll(async () => {
  await served.stop();
  await dipper.remove();
  await sandbox.stop();
});

const read = (name: string): Promise<string> => readFile(join(dipper.dataFolder, name), 'utf8');

test('writes a file into the folder where the command runs, named and chosen by the line; what is no record is said', async () => {
  const { code, stdout, stderr } = await dipper.run(['export', NOTES, 'notes.csv', '--codec', 'plain']);
  expect([code, stdout, stderr]).toEqual([
    3,
    '2 exported, 1 failed.\n',
    expect.stringContaining('The body is no JSON'),
  ]);
  expect(await read('notes.csv')).toBe("id,text,n\r\n1,'=1+1,9007199254740993\r\n2,b,-0.5\r\n");
  expect(JSON.parse(await read('notes.csv.manifest.json'))).toMatchObject({ records: 2, formulaGuard: true });
});

test('takes conditions, an order and fields, and prints the job as JSON', async () => {
  const { code, stdout } = await dipper.run([
    'export',
    NOTES,
    'some.jsonl',
    '--codec',
    'plain',
    '--where',
    'n < 1',
    '--select',
    'text',
    '--no-id',
    '--json',
  ]);
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { kind: 'export', state: 'completed', counts: { done: 1 } }]);
  expect(await read('some.jsonl')).toBe('{"text":"b"}\n');
});

test('replaces a file only where that is said, and never leaves a piece of one', async () => {
  await writeFile(join(dipper.dataFolder, 'taken.json'), 'mine');
  const refused = await dipper.run(['export', NOTES, 'taken.json', '--codec', 'plain', '--where', 'n < 1']);
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringMatching(/There is something at .*taken\.json already/),
  ]);
  expect(await read('taken.json')).toBe('mine');
  const done = await dipper.run(['export', NOTES, 'taken.json', '--codec', 'plain', '--where', 'n < 1', '--overwrite']);
  expect([done.code, await read('taken.json')]).toEqual([0, '[\n{"id":"2","text": "b", "n": -0.5}\n]\n']);
  expect((await readdir(dipper.dataFolder)).filter((name) => name.includes('part'))).toEqual([]);
});

test.each([
  [
    ['notes'],
    'The name "notes" does not say how to write. End it with .ndjson, .json, .csv, .parquet or /, or give --format.',
  ],
  [['notes/', '--compress', 'gzip'], 'Files of their own are not compressed. Choose another format.'],
  [['n.csv', '--split-size', '5'], '--split-size takes a size from 64 KiB on, such as 100MB, not "5".'],
  [
    ['n.csv', '--split-size', '1MB', '--split-by', 'n'],
    '--split-by and --split-size exclude each other. Leave one out.',
  ],
])('export %j is wrong usage', async (args, message) => {
  const { code, stderr } = await dipper.run(['export', NOTES, ...args, '--codec', 'plain']);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});
