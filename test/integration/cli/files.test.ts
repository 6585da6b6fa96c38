import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attachToDataFolder, scriptsIn, type Attachment } from '../../../electron/application.ts';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import type { S3Client } from '../../../electron/engine/s3/s3-client.ts';
import { createCaller, type Caller } from '../../../electron/ipc/caller.ts';
import type { TransferProgress } from '../../../shared/upload.ts';
import { pageDoor } from '../../../electron/ipc/page-door.ts';
import { runHere, type HereOutcome } from '../../unit/cli/run-here.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../support/sandbox.ts';

const URL = 's3://files/archive/';
const BODY = randomBytes(6 * 1024 * 1024);

let sandbox: TestSandbox;
let client: S3Client;
let folder: string;
let owner: Attachment;

beforeAll(async () => {
  sandbox = await startTestSandbox({ buckets: ['files'] });
  client = createS3Client(targetOf(sandbox));
  folder = await mkdtemp(join(tmpdir(), 'dipper-files-'));
  owner = await attachToDataFolder({
    version: '1.2.3',
    // None of its processes is started here.
    scripts: scriptsIn(dirname(folder)),
    shell: 'command-line',
    dataFolder: join(folder, 'data'),
    downloadsFolder: join(folder, 'downloads'),
  });
  await writeFile(join(folder, 'large.bin'), BODY);
  await writeFile(join(folder, 'small.bin'), '');
});

afterAll(async () => {
  await owner.close();
  await client.close();
  await sandbox.stop();
  await rm(folder, { recursive: true });
});

async function dipper(...args: readonly string[]): Promise<HereOutcome> {
  const environment = {
    DIPPER_DATA_DIR: join(folder, 'data'),
    AWS_ENDPOINT_URL_S3: sandbox.endpoint,
    AWS_REGION: sandbox.region,
    AWS_ACCESS_KEY_ID: sandbox.accessKeyId,
    AWS_SECRET_ACCESS_KEY: sandbox.secretAccessKey,
  };
  return await runHere([...args, '--codec', 'plain', '--path-style'], { environment });
}

test('a file of any size becomes an object, and the object a file again; how far it is, is told', async () => {
  const told: TransferProgress[] = [];
  const listener = createCaller(owner.door, (event) => {
    if (event.name === 'transfer:progress') told.push(event.payload);
  });
  for (const name of ['large', 'small']) {
    const file = join(folder, `${name}.bin`);
    const back = join(folder, `${name}.back`);
    expect(await dipper('put', URL, name, '--file', file)).toMatchObject({ code: 0, stdout: `${name}\n` });
    const got = await dipper('get', URL, name, '--output', back, '--json');
    expect(got.code).toBe(0);
    const { size } = await client.headObject('files', `archive/${name}.json`, {});
    expect(JSON.parse(got.stdout)).toEqual({ key: `archive/${name}.json`, size, verified: 'etag', path: back });
    expect(Buffer.compare(await readFile(back), await readFile(file))).toBe(0);
    const ends = told.filter(({ done, total }) => done === total).map(({ path, direction }) => [path, direction]);
    expect(ends.slice(-2)).toEqual([
      [file, 'up'],
      [back, 'down'],
    ]);
  }
  listener.close();
});

test('what is there is replaced only where that is asked for, and keeps its tags and class', async () => {
  const headers = { storageClass: 'STANDARD_IA', tags: [{ key: 'kept', value: 'yes' }] };
  await client.putObject('files', 'archive/there.json', Buffer.from('{}'), { headers });
  const file = join(folder, 'large.bin');
  const refused = await dipper('put', URL, 'there', '--file', file);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('There is already an object')]);
  expect((await dipper('put', URL, 'there', '--file', file, '--replace')).code).toBe(0);
  const head = await client.headObject('files', 'archive/there.json', {});
  expect(head).toMatchObject({ size: BODY.byteLength, storageClass: 'STANDARD_IA', tagCount: 1 });
});

test('uploads that were left are listed with what they hold, and removed', async () => {
  const upload = { bucket: 'files', key: 'archive/left.json', uploadId: '' };
  upload.uploadId = await client.createMultipartUpload('files', upload.key, {});
  await client.uploadPart(upload, 1, Buffer.alloc(1000), {});
  const caller = createCaller(owner.door);
  try {
    const collection = await openArchive(caller);
    const listed = await caller.call('uploads:list', { collection });
    expect(listed).toMatchObject({ more: false, uploads: [{ key: upload.key, bytes: 1000, ours: false }] });
    await caller.call('uploads:remove', { collection, uploads: [{ key: upload.key, uploadId: upload.uploadId }] });
    expect((await caller.call('uploads:list', { collection })).uploads).toEqual([]);
  } finally {
    caller.close();
  }
});

test('a page downloads into the folder for that, and cannot name a file of this machine', async () => {
  await client.putObject('files', 'archive/page.json', Buffer.from('{"n": 1}'), {});
  const command = createCaller(owner.door);
  const page = createCaller(pageDoor(owner.door));
  try {
    const collection = await openArchive(command);
    const address = { key: 'archive/page.json' };
    const path = join(folder, 'downloads', 'page.json');
    const saved = await page.call('record:download', { collection, address, path: null });
    expect(saved).toEqual({ key: address.key, size: 8, path, verified: 'etag' });
    expect(await readFile(path, 'utf8')).toBe('{"n": 1}');
    for (const named of ['/etc/passwd', path]) {
      const asked = page.call('record:download', { collection, address, path: named });
      await expect(asked).rejects.toMatchObject({ error: { code: 'access-denied' } });
    }
    const given = page.call('record:upload', { collection, id: 'passwd', path: '/etc/passwd', ifExists: 'fail' });
    await expect(given).rejects.toMatchObject({ error: { code: 'access-denied' } });
  } finally {
    page.close();
    command.close();
  }
});

async function openArchive(caller: Caller): Promise<string> {
  const { endpoint, region, accessKeyId, secretAccessKey } = sandbox;
  const secret = { secretAccessKey, sessionToken: null };
  const target = { endpoint, region, pathStyle: true, accessKeyId, secret };
  const opened = await caller.call('collections:open-url', {
    bucket: 'files',
    prefix: 'archive/',
    codec: 'plain',
    target,
  });
  return opened.collection;
}
