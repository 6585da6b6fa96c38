import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Job } from '../../../shared/job.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import type { S3Client } from '../../../electron/engine/s3/s3-client.ts';
import { targetOf } from '../support/sandbox.ts';
import { buildDipper, createDipper, type Dipper } from './run-dipper.ts';

const BUCKET = 'records';
const FROM = `s3://${BUCKET}/from/`;
const TO = `s3://${BUCKET}/to/`;

let sandbox: TestSandbox;
let dipper: Dipper;
let client: S3Client;
let server: readonly string[];

beforeAll(async () => {
  await buildDipper();
  sandbox = await startTestSandbox({ buckets: [BUCKET] });
  const target = targetOf(sandbox);
  client = createS3Client(target);
  if (target.endpoint === null || !('accessKeyId' in target.credentials)) throw new Error('a sandbox has both');
  dipper = await createDipper({
    AWS_ACCESS_KEY_ID: target.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: target.credentials.secretAccessKey,
  });
  server = ['--endpoint', target.endpoint, '--path-style', '--codec', 'plain'];
  for (const n of [1, 2, 3]) {
    await client.putObject(BUCKET, `from/${String(n)}.json`, Buffer.from(`{"n":"${String(n)}","seen":false}`), {});
  }
}, 120_000);

afterAll(async () => {
  await client.close();
  await dipper.remove();
  await sandbox.stop();
});

const run = (...args: readonly string[]) => dipper.run([...args, ...server]);

async function bodies(prefix: string): Promise<readonly string[]> {
  const { objects } = await client.listObjectsV2(BUCKET, { prefix });
  return Promise.all(
    objects.map(async ({ key }) => Buffer.from((await client.getObject(BUCKET, key, {})).body).toString()),
  );
}

async function jobs(): Promise<readonly Job[]> {
  const { stdout } = await dipper.run(['jobs', 'list', '--json']);
  const listed: readonly Job[] = JSON.parse(stdout);
  return listed;
}

test('records are changed, tagged, copied, moved, promoted and deleted by commands, which are listed and undone', async () => {
  const asked = await run('update', FROM, '--where', 'n != "3"', '--convert', 'n=integer', '--rename', 'n=number');
  expect(asked.code).toBe(2);
  expect(asked.stderr).toContain('This would change 2 records below s3://records/from/.');
  expect(await bodies('from/')).toHaveLength(3);
  const changed = await run(
    'update',
    FROM,
    '--where',
    'n != "3"',
    '--convert',
    'n=integer',
    '--rename',
    'n=number',
    '--yes',
  );
  expect(changed).toMatchObject({ code: 0, stdout: '2 changed.\n' });
  expect(await bodies('from/')).toEqual([
    '{"number":1,"seen":false}',
    '{"number":2,"seen":false}',
    '{"n":"3","seen":false}',
  ]);
  const patch = await dipper.run(
    ['update', FROM, '--key', '3', '--merge-patch', '-', '--yes', ...server],
    '{"n":null,"number":3}',
  );
  expect(patch.stdout).toBe('1 changed.\n');

  expect((await run('tag', FROM, '--key', '1', '--add', 'shelf=best', '--yes')).stdout).toBe('1 tagged.\n');
  expect(await client.getObjectTagging(BUCKET, 'from/1.json', {})).toEqual([{ key: 'shelf', value: 'best' }]);
  expect((await run('copy', FROM, TO, '--yes')).stdout).toBe('3 copied.\n');
  expect(await run('copy', FROM, TO, '--yes')).toMatchObject({ code: 3, stdout: '0 copied, 3 failed.\n' });
  expect((await run('set-class', TO, 'STANDARD_IA', '--where', 'number = 1', '--yes')).stdout).toBe('1 set.\n');
  expect((await client.headObject(BUCKET, 'to/1.json', {})).storageClass).toBe('STANDARD_IA');

  await client.putObject(BUCKET, 'from/2.json', Buffer.from('{"number": 2.0, "seen": false}'), {});
  await client.putObject(BUCKET, 'from/4.json', Buffer.from('{"number":4}'), {});
  const compared = await run('promote', FROM, TO, '--dry-run');
  expect(compared).toMatchObject({ code: 0, stdout: '+ 4.json\n1 new, 0 changed, 3 same, 0 only there.\n' });
  expect((await run('promote', FROM, TO)).code).toBe(2);
  expect((await run('promote', FROM, TO, '--yes')).stdout).toBe('1 promoted.\n');
  expect((await run('promote', FROM, TO, '--yes')).stdout).toBe('0 promoted.\n');

  expect((await run('move', TO, `s3://${BUCKET}/moved/`, '--where', 'number > 2', '--yes')).stdout).toBe('2 moved.\n');
  expect((await run('count', TO)).stdout).toBe('2\n');
  const deleted = await run('delete', FROM, '--where', 'number > 0', '--yes', '--json');
  expect(JSON.parse(deleted.stdout)).toMatchObject({ kind: 'delete', counts: { total: 4, done: 4 } });
  const [last, moved] = await jobs();
  expect([last?.kind, moved?.kind, moved?.to?.name]).toEqual(['delete', 'move', 'records/moved/']);
  expect(await dipper.run(['jobs', 'undo', last?.id ?? ''])).toMatchObject({ code: 0, stdout: '4 brought back.\n' });
  expect(await dipper.run(['jobs', 'undo', moved?.id ?? ''])).toMatchObject({ code: 0, stdout: '2 brought back.\n' });
  // The next command knows, although a minute has not gone by.
  expect((await run('count', TO)).stdout).toBe('4\n');
  expect(await bodies('from/')).toHaveLength(4);
  const report = await dipper.run(['jobs', 'report', moved?.id ?? '', '--json']);
  const lines: readonly { key: string; outcome: string }[] = report.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(new Set(lines.map(({ key, outcome }) => `${key} ${outcome}`))).toEqual(
    new Set(['to/3.json done', 'to/4.json done']),
  );
}, 120_000);

test('records are put into classes by rules, with how many go where said before', async () => {
  for (const [name, body] of [
    ['open', '{"state":"open"}'],
    ['closed', '{"state":"closed"}'],
    ['large', `"${'x'.repeat(200_000)}"`],
  ] as const) {
    await client.putObject(BUCKET, `ruled/${name}.json`, Buffer.from(body), {});
  }
  const ruled = `s3://${BUCKET}/ruled/`;
  const rules = ['STANDARD_IA if @size > 131072', 'GLACIER_IR if state = "closed"'].flatMap((rule) => [
    '--storage-class-rule',
    rule,
  ]);
  const asked = await run('set-class', ruled, ...rules);
  expect(asked.code).toBe(2);
  expect(asked.stderr).toContain(
    `This would give classes to 3 records below ${ruled}. They would be 1 in GLACIER_IR, 1 in STANDARD as now, 1 in STANDARD_IA.`,
  );
  expect(await run('set-class', ruled, ...rules, '--yes')).toMatchObject({ code: 0 });
  const { objects } = await client.listObjectsV2(BUCKET, { prefix: 'ruled/' });
  expect(objects.map(({ storageClass }) => storageClass)).toEqual(['GLACIER_IR', 'STANDARD_IA', 'STANDARD']);
  const named = await run('set-class', ruled, ...rules, '--key', 'open', '--yes');
  expect([named.code, named.stderr]).toEqual([2, expect.stringContaining('name the records by --where or --query')]);
  const tags = await run('set-class', ruled, '--storage-class-rule', 'GLACIER if @tag.a exists', '--yes');
  expect([tags.code, tags.stderr]).toEqual([2, expect.stringContaining('No rule for classes asks for @tag')]);
});
