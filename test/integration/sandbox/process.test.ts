import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  RestoreObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { EDGE_CASES } from '../../../electron/sandbox/edge-cases/all-edge-cases.ts';
import type { SandboxOptions } from '../../../electron/sandbox/run-sandbox.ts';
import { SAMPLE_COLLECTIONS } from '../../../electron/sandbox/sample-collections.ts';
import { nodeSandboxProcess, startSandbox, type RunningSandbox } from '../../../electron/sandbox/sandbox-process.ts';
import { openDiskStorage } from '../../../electron/sandbox/storage/disk-storage.ts';
import { writeSampleFile } from '../support/sample-file.ts';
import { buildSandboxScript } from '../support/sandbox-script.ts';
import { connectSdk } from './support/connect-sdk.ts';

let script: string;
let sampleData: string;
let directory: string;
const notes: string[] = [];

beforeAll(async () => {
  script = await buildSandboxScript();
  sampleData = await writeSampleFile(dirname(script));
});

afterAll(() => {
  rmSync(dirname(script), { recursive: true, force: true });
});

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'dipper-sandbox-'));
  notes.length = 0;
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function start(samples: string | null, options: Partial<SandboxOptions> = {}): Promise<RunningSandbox> {
  return startSandbox({
    ...options,
    directory,
    sampleData: samples,
    onNote: (note) => notes.push(note),
    spawn: () => nodeSandboxProcess(script),
  });
}

function connect(sandbox: RunningSandbox): S3Client {
  return connectSdk(sandbox);
}

it('fills itself once, and keeps its keys and what people did with the samples over a restart', async () => {
  const first = await start(sampleData);
  const target = { Bucket: 'samples', Key: 'movies/movie-0001.json' };
  const sample = await connect(first).send(new GetObjectCommand(target));
  expect(JSON.parse((await sample.Body?.transformToString()) ?? '')).toMatchObject({
    title: 'The Land Girls',
    rating: 6.1,
    released: '1998-06-12',
    crew: null,
  });
  await connect(first).send(new DeleteObjectCommand(target));
  await first.stop();
  const second = await start(sampleData);
  expect([second.accessKeyId, second.secretAccessKey]).toEqual([first.accessKeyId, first.secretAccessKey]);
  await expect(connect(second).send(new GetObjectCommand(target))).rejects.toMatchObject({ name: 'NoSuchKey' });
  await second.stop();
  expect(statSync(join(directory, 'settings.json')).mode & 0o077).toBe(0);
  const storage = await openDiskStorage({ directory });
  const index = storage.bucket('samples')?.index;
  const counts = SAMPLE_COLLECTIONS.map(({ prefix }) => [
    prefix,
    [...(index?.from(() => false) ?? [])].filter(({ key }) => key.startsWith(prefix)).length,
  ]);
  await storage.close();
  expect(Object.fromEntries(counts)).toEqual({
    'movies/': 3200,
    'cars/': 406,
    'airports/': 3376,
    'penguins/': 344,
    'edge-cases/': EDGE_CASES.length,
  });
  expect(notes).toEqual([]);
});

it('keeps what it fetched from an archive, and what is on its way, over a restart', async () => {
  const Bucket = 'records';
  const state = async (s3: S3Client, Key: string): Promise<unknown> => {
    const { Restore } = await s3.send(new HeadObjectCommand({ Bucket, Key }));
    const read = await s3
      .send(new GetObjectCommand({ Bucket, Key }))
      .then(({ Body }) => Body?.transformToString())
      .catch((error: Error) => error.name);
    return [Restore, read];
  };
  const restore = async (s3: S3Client, Key: string): Promise<unknown> => {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key, StorageClass: 'GLACIER' }));
    return s3.send(new RestoreObjectCommand({ Bucket, Key, RestoreRequest: { Days: 1 } }));
  };
  const first = await start(null, { restoreMilliseconds: 0 });
  await connect(first).send(new CreateBucketCommand({ Bucket }));
  await restore(connect(first), 'at once');
  await first.stop();
  const second = await start(null, { restoreMilliseconds: 3_600_000 });
  await restore(connect(second), 'in an hour');
  expect(await state(connect(second), 'at once')).toEqual([
    expect.stringMatching(/^ongoing-request="false", expiry-date=".* 00:00:00 GMT"$/),
    'at once',
  ]);
  await second.stop();
  const third = await start(null, { restoreMilliseconds: 0 });
  expect(await state(connect(third), 'in an hour')).toEqual(['ongoing-request="true"', 'InvalidObjectState']);
  await third.stop();
});

it('says why it does not start', async () => {
  const running = await start(null);
  await expect(start(null)).rejects.toMatchObject({
    error: { code: 'sandbox-unavailable', message: expect.stringContaining('is in use by process') },
  });
  await running.stop();
  writeFileSync(join(directory, 'settings.json'), '{}');
  await expect(start(null)).rejects.toMatchObject({
    error: { code: 'sandbox-unavailable', message: expect.stringContaining('settings.json is damaged') },
  });
  rmSync(join(directory, 'segments'), { recursive: true });
  writeFileSync(join(directory, 'segments'), 'a file');
  await expect(start(null)).rejects.toMatchObject({
    error: {
      code: 'sandbox-unavailable',
      message: `The sandbox did not start. The directory ${directory} cannot be used (EEXIST). Give it to this user, or choose another directory.`,
    },
  });
});

it('ends with its parent', async () => {
  const parent = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { fork } from 'node:child_process';
       const child = fork(${JSON.stringify(script)}, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
       child.on('message', () => process.stdout.write(String(child.pid) + '\\n'));
       child.send({ type: 'start', options: { directory: null, sampleData: null } });`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = new Promise<void>((resolve) => parent.stdout.on('end', () => resolve()));
  const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (text) => resolve(Number(text))));
  expect(pid).toBeGreaterThan(0);
  parent.kill('SIGKILL');
  // Both hold the pipe's other end.
  await ended;
});
