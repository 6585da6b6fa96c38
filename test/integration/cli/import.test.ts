import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import type { S3Client } from '../../../electron/engine/s3/s3-client.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../support/sandbox.ts';
import { buildDipper, createDipper, type Dipper } from './run-dipper.ts';
import { startSlowServer, type SlowServer } from './slow-server.ts';

const URL = 's3://records/people/';
const PLAIN = [URL, '--codec', 'plain'];

let sandbox: TestSandbox;
let client: S3Client;
let server: SlowServer;
let dipper: Dipper;

beforeAll(async () => {
  await buildDipper();
  sandbox = await startTestSandbox({ buckets: ['records'] });
  client = createS3Client(targetOf(sandbox));
  server = await startSlowServer(sandbox.endpoint);
}, 120_000);

afterAll(async () => {
  await client.close();
  await server.stop();
  await sandbox.stop();
});

beforeEach(async () => {
  server.release();
  for await (const { objects } of client.listAllObjects('records', {})) {
    for (const { key } of objects) await client.deleteObject('records', key, {});
  }
  dipper = await createDipper({
    AWS_ACCESS_KEY_ID: sandbox.accessKeyId,
    AWS_SECRET_ACCESS_KEY: sandbox.secretAccessKey,
    AWS_ENDPOINT_URL_S3: server.endpoint,
    AWS_REGION: sandbox.region,
  });
  return () => dipper.remove();
});

async function body(key: string): Promise<string> {
  return Buffer.from((await client.getObject('records', key, {})).body).toString();
}

test('a CSV is imported under keys of a template, with tags and a class, its bad row kept; a dry run tells it before', async () => {
  await writeFile(
    join(dipper.dataFolder, 'people.csv'),
    'id,born,city,n\nann,1990-05-01,Oslo,1\nben,1985-01-09,,x2\ncleo\n',
  );
  const file = ['import', 'people.csv', ...PLAIN, '--key', '{date:born:yyyy}/{id}', '--type', 'n=integer'];
  const dry = await dipper.run([...file, '--dry-run', '--json']);
  expect([dry.code, dry.stderr]).toEqual([3, '']);
  expect(JSON.parse(dry.stdout)).toMatchObject({
    rows: 3,
    counts: { new: 1, invalid: 2 },
    requests: [{ operation: 'PutObject', count: 1 }],
    examples: [
      { fate: 'new', key: 'people/1990/ann.json' },
      { place: 'line 3', problem: 'The field "n" is no whole number: "x2".' },
      { place: 'line 4', problem: 'The row has 1 value, not 4 as the others.' },
    ],
  });
  const shown = await dipper.run([...file, '--dry-run']);
  expect(shown.stdout.split('\n').slice(0, 2)).toEqual([
    '3 rows: 1 new, 2 invalid.',
    'It would take 1 PutObject, 52 B. Nothing was written.',
  ]);

  const done = await dipper.run([...file, '--tags', 'city', '--storage-class', 'STANDARD_IA', '--errors', 'bad.csv']);
  expect([done.code, done.stdout]).toEqual([3, '1 imported, 2 failed.\n']);
  expect(done.stderr).toContain('dipper: The rows that failed are in bad.csv: mend them there and import that file.\n');
  expect(await body('people/1990/ann.json')).toBe('{"id":"ann","born":"1990-05-01","city":"Oslo","n":1}');
  const { storageClass } = await client.headObject('records', 'people/1990/ann.json', {});
  const tags = await client.getObjectTagging('records', 'people/1990/ann.json', {});
  expect([storageClass, tags]).toEqual(['STANDARD_IA', [{ key: 'city', value: 'Oslo' }]]);
  expect(await readFile(join(dipper.dataFolder, 'bad.csv'), 'utf8')).toBe(
    '_error,id,born,city,n\n' +
      '"line 3: The field ""n"" is no whole number: ""x2"".",ben,1985-01-09,,x2\n' +
      '"line 4: The row has 1 value, not 4 as the others.",cleo\n',
  );
});

test('what cannot be done is said before anything is sent', async () => {
  await writeFile(join(dipper.dataFolder, 'people.csv'), 'id,n\na,1\n');
  const refusals: readonly (readonly [readonly string[], number, string])[] = [
    [['import', 'nobody.csv', ...PLAIN], 2, 'nobody.csv cannot be read: there is no such file or folder.'],
    [['import', 'people.csv', ...PLAIN, '--key', '{who}'], 2, 'holds "{who}", which stands for nothing.'],
    [['import', 'people.csv', ...PLAIN, '--key', ''], 2, '--key is empty.'],
    [['import', 'people.csv', ...PLAIN, '--key', '{path}'], 2, 'and this is no folder.'],
    [['import', 'people.csv', ...PLAIN, '--tags', 'nosuch'], 2, 'There is no field "nosuch". There is: id, n.'],
    [
      ['import', 'people.csv', ...PLAIN, '--storage-class-rule', 'GLACIER if @age > 3'],
      2,
      '--storage-class-rule, column 2 of the conditions:',
    ],
    [['import', 'people.csv', ...PLAIN, '--storage-class-rule', 'COLD if n > 3'], 2, 'takes a class and conditions'],
    [['import', 'people.csv', ...PLAIN, '--errors', './people.csv'], 2, 'Name another file for them.'],
    [['import', 'people.csv', ...PLAIN, '--type', 'm=integer'], 2, 'There is no field "m". There is: id, n.'],
    [
      ['import', 'people.csv', ...PLAIN, '--on-conflict', 'perhaps'],
      2,
      '--on-conflict takes skip, overwrite, fail, newer or merge, not "perhaps".',
    ],
  ];
  for (const [args, code, sentence] of refusals) {
    const refused = await dipper.run(args);
    expect([refused.code, refused.stderr]).toEqual([code, expect.stringContaining(sentence)]);
  }
  expect((await client.listObjectsV2('records', {})).objects).toEqual([]);
  expect((await dipper.run(['jobs'])).stdout).toBe('There are no jobs.\n');
});

describe('Ctrl-C', () => {
  test('pauses an import, and says how to go on with it; nothing is lost or there twice', async () => {
    const rows = Array.from({ length: 600 }, (_, n) => `{"n":${n}}\n`).join('');
    await writeFile(join(dipper.dataFolder, 'rows.ndjson'), rows);
    // To merge is to look first.
    const held = server.holdAfter(150);
    const command = dipper.start(['import', 'rows.ndjson', ...PLAIN, '--key', '{uuid}', '--on-conflict', 'merge']);
    await held;
    command.interrupt();
    server.release();
    server.pace(10);
    const stopped = await command.end();
    expect([stopped.code, stopped.stderr]).toEqual([130, expect.stringContaining('Stopped. The job is paused after ')]);
    server.release();
    const [, id = ''] = /"dipper jobs resume ([0-9a-f-]{36})" goes on with it/.exec(stopped.stderr) ?? [];
    expect(await dipper.run(['jobs', 'resume', id])).toEqual({ code: 0, stdout: '600 imported.\n', stderr: '' });
    const numbers: number[] = [];
    for await (const { objects } of client.listAllObjects('records', { prefix: 'people/' })) {
      const bodies = await Promise.all(objects.map(({ key }) => body(key)));
      numbers.push(...bodies.map((text) => Number(/\d+/.exec(text)?.[0])));
    }
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 600 }, (_, n) => n));
  });
});

test('bad rows need a place before the first row is written; ten tags are the most', async () => {
  await writeFile(join(dipper.dataFolder, 'a.csv'), 'id\n1\n');
  const nowhere = await dipper.run(['import', 'a.csv', ...PLAIN, '--errors', 'missing/bad.csv']);
  expect([nowhere.code, nowhere.stdout]).toEqual([2, '']);
  expect(nowhere.stderr).toContain('bad.csv cannot be written: there is no such file or folder.');
  const tags = await dipper.run(['import', 'a.csv', ...PLAIN, '--tags', 'a,b,c,d,e,f,g,h,i,j,k']);
  expect([tags.code, tags.stderr]).toEqual([2, 'dipper: --tags names 11 fields; S3 allows 10 tags an object.\n']);
  await expect(body('people/1.json')).rejects.toThrow();
});

test('what was exported from dataknobs records becomes such in an empty place, unless it is said otherwise', async () => {
  const stored =
    '{"fields": {"n": {"name": "n", "value": 1, "type": "integer", "metadata": {}}}, "metadata": {"by": "x"}}';
  await client.putObject('records', 'from/a.json', Buffer.from(stored), {});
  expect((await dipper.run(['export', 's3://records/from/', 'all.ndjson'])).code).toBe(0);
  const imported = await dipper.run(['import', 'all.ndjson', 's3://records/to/']);
  expect([imported.code, imported.stdout]).toEqual([0, '1 imported.\n']);
  expect(imported.stderr).toContain('It was exported from dataknobs records');
  expect(JSON.parse(await body('to/a.json'))).toMatchObject({
    fields: { n: { value: 1, type: 'integer' } },
    metadata: { by: 'x', id: 'a' },
  });
  expect((await dipper.run(['import', 'all.ndjson', 's3://records/plain/', '--codec', 'plain'])).code).toBe(0);
  expect(JSON.parse(await body('plain/a.json'))).toEqual({ n: 1, metadata: { by: 'x' } });
});

test('several files are imported together, rows come from standard input, and records go to standard output', async () => {
  await writeFile(join(dipper.dataFolder, 'a.csv'), 'id,n\na,1\n');
  await writeFile(join(dipper.dataFolder, 'b.csv'), 'id,n\nb,2\n');
  const several = await dipper.run(['import', 'a.csv', 'b.csv', ...PLAIN]);
  expect([several.code, several.stdout]).toEqual([0, '2 imported.\n']);
  const piped = await dipper.run(['import', '-', ...PLAIN], '{"id":"c","n":3}\n');
  expect([piped.code, piped.stdout]).toEqual([0, '1 imported.\n']);
  const out = await dipper.run(['export', URL, '-', '--format', 'ndjson', '--sort', 'id', '--no-id']);
  expect(out.code).toBe(0);
  expect(out.stdout).toBe('{"id":"a","n":1}\n{"id":"b","n":2}\n{"id":"c","n":3}\n');
  expect(out.stderr).toContain('3 exported');
  const nameless = await dipper.run(['export', URL, '-']);
  expect([nameless.code, nameless.stderr]).toEqual([2, expect.stringContaining('Give --format: ndjson')]);
});
