import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GetObjectTaggingCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MULTIPART_THRESHOLD } from '../../../electron/engine/s3/multipart/put-body.ts';
import { attachToDataFolder, scriptsIn, type Attachment } from '../../../electron/application.ts';
import { idOfKey } from '../../../shared/record-key.ts';
import { EDGE_CASES, EDGE_CASES_PLACE } from '../../../electron/sandbox/edge-cases/all-edge-cases.ts';
import { putEdgeCases } from '../../../electron/sandbox/sample-data.ts';
import { runHere, type HereOutcome } from '../../unit/cli/run-here.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { buildSandboxScript } from '../support/sandbox-script.ts';

const { bucket, prefix } = EDGE_CASES_PLACE;
const URL = `s3://${bucket}/${prefix}`;

/** What "get" shows the text of, and "put" does not take for a record. */
const NO_RECORDS =
  'bad-json blanks byte-order-mark-broken comma-too-many cut-off empty mixed-line-ends python-literal raw-control-characters top-level-list top-level-null top-level-number top-level-string trailing-text two-records'
    .split(' ')
    .map((name) => `${name}.json`)
    .concat('notes.txt', 'folder/');

/** What "get" has no text of. */
const NO_TEXT = [
  'binary.bin',
  'binary-like-utf-16.bin',
  'gzip-corrupted.json',
  'invalid-utf-8.json',
  'unknown-encoding.json',
  'archived.json',
];

let sandbox: TestSandbox;
let sdk: S3Client;
let folder: string;
let owner: Attachment;

beforeAll(async () => {
  sandbox = await startTestSandbox();
  await putEdgeCases(sandbox.storage);
  const { endpoint, region, accessKeyId, secretAccessKey } = sandbox;
  sdk = new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
  folder = await mkdtemp(join(tmpdir(), 'dipper-edge-'));
  owner = await attachToDataFolder({
    version: '1.2.3',
    scripts: scriptsIn(dirname(await buildSandboxScript())),
    shell: 'command-line',
    dataFolder: folder,
  });
});

afterAll(async () => {
  await owner.close();
  sdk.destroy();
  await sandbox.stop();
  await rm(folder, { recursive: true, force: true });
});

async function dipper(args: readonly string[], input?: string): Promise<HereOutcome> {
  const environment = {
    DIPPER_DATA_DIR: folder,
    AWS_ENDPOINT_URL_S3: sandbox.endpoint,
    AWS_REGION: sandbox.region,
    AWS_ACCESS_KEY_ID: sandbox.accessKeyId,
    AWS_SECRET_ACCESS_KEY: sandbox.secretAccessKey,
  };
  return await runHere([...args, '--codec', 'plain', '--path-style'], {
    environment,
    ...(input === undefined ? {} : { input }),
  });
}

/** Everything of an object but its time; the bytes as they are stored, of the archived one too. */
async function seen(key: string): Promise<Record<string, unknown>> {
  const place = { Bucket: bucket, Key: key };
  const { $metadata: _, LastModified: __, ...facts } = await sdk.send(new HeadObjectCommand(place));
  const { TagSet } = await sdk.send(new GetObjectTaggingCommand(place));
  const stored = await sandbox.storage.bucket(bucket)?.open(key);
  const sum = createHash('sha256');
  if (stored) for await (const chunk of asChunks(stored.read(0, stored.entry.size))) sum.update(chunk);
  await stored?.close();
  // What is written in parts has an ETag of another form.
  const ETag = (facts.ContentLength ?? 0) > MULTIPART_THRESHOLD ? undefined : facts.ETag;
  return { ...facts, ETag, tags: TagSet, bytes: sum.digest('hex') };
}

function asChunks(read: AsyncIterable<Uint8Array> | Uint8Array): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  return read instanceof Uint8Array ? [read] : read;
}

test.each(EDGE_CASES.map(({ name }) => [name]))(
  '%j comes out of "get --raw" and goes back by "put --replace"',
  async (name) => {
    const key = prefix + name;
    const before = await seen(key);
    // An id that is empty is given by the key behind the prefix.
    const id = idOfKey(prefix, key) || name;
    const got = await dipper(['get', URL, id, '--raw']);
    if (NO_TEXT.includes(name)) {
      expect(got, got.stderr).toMatchObject({ code: 1, stdout: '' });
    } else {
      expect(got, got.stderr).toMatchObject({ code: 0, stderr: '' });
      const put = await dipper(['put', URL, id, '--replace'], got.stdout);
      expect(put.code, put.stderr).toBe(NO_RECORDS.includes(name) ? 1 : 0);
    }
    expect(await seen(key)).toEqual(before);
  },
);

test('a text with a byte order mark of its own gets no second one', async () => {
  const key = `${prefix}byte-order-mark.json`;
  const before = await seen(key);
  const { stdout } = await dipper(['get', URL, 'byte-order-mark', '--raw']);
  expect(await dipper(['put', URL, 'byte-order-mark', '--replace'], `\uFEFF${stdout}`)).toMatchObject({ code: 0 });
  expect(await seen(key)).toEqual(before);
});
