import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { SAMPLE_COLLECTIONS } from '../../../electron/sandbox/sample-collections.ts';
import {
  nodeSandboxProcess,
  startSandbox,
  type RunningSandbox,
  type SandboxProcess,
} from '../../../electron/sandbox/sandbox-process.ts';
import { openDiskStorage } from '../../../electron/sandbox/storage/disk-storage.ts';
import type { SandboxStorage } from '../../../electron/sandbox/storage/storage.ts';
import { writeSampleFile } from '../support/sample-file.ts';
import { buildSandboxScript } from '../support/sandbox-script.ts';

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

function start(
  samples: string | null,
  onSpawn: (child: SandboxProcess) => void = () => undefined,
): Promise<RunningSandbox> {
  return startSandbox({
    directory,
    sampleData: samples,
    onNote: (note) => notes.push(note),
    spawn: () => {
      const child = nodeSandboxProcess(script);
      onSpawn(child);
      return child;
    },
  });
}

function connect(sandbox: RunningSandbox): S3Client {
  return new S3Client({
    endpoint: sandbox.endpoint,
    region: sandbox.region,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: sandbox,
  });
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
  expect(Object.fromEntries(counts)).toEqual({ 'movies/': 3200, 'cars/': 406, 'airports/': 3376, 'penguins/': 344 });
  expect(notes).toEqual([]);
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

/** `npm run test:long` asks for all of them. */
const KILL_POINTS = process.env['DIPPER_TEST_LONG'] === '1' ? 200 : 10;

/** What a key may hold after the kill: what was answered last, and what was under way. */
type Outcomes = Map<string, readonly (string | null)[]>;

/** Eight writers with keys of their own; the process is killed when so many writes have been answered. */
async function writeUntilKilled(s3: S3Client, killAfter: number, kill: () => void): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  let answered = 0;
  const writer = async (name: number): Promise<void> => {
    for (let round = 0; ; round += 1) {
      const Key = `writer-${name}/${round % 7}`;
      const large = (name + round) % 9 === 0;
      const body = round % 5 === 4 ? null : `${name} ${round} ${'x'.repeat(large ? 1_500_000 : round)}`;
      const before = outcomes.get(Key) ?? [null];
      outcomes.set(Key, [...before, body]);
      const command =
        body === null
          ? new DeleteObjectCommand({ Bucket: 'records', Key })
          : new PutObjectCommand({ Bucket: 'records', Key, Body: body });
      try {
        await (command instanceof PutObjectCommand ? s3.send(command) : s3.send(command));
      } catch {
        return;
      }
      outcomes.set(Key, [body]);
      answered += 1;
      if (answered === killAfter) kill();
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, name) => writer(name)));
  return outcomes;
}

it(
  'keeps every write it answered when it is killed in the middle of others',
  async () => {
    for (let point = 0; point < KILL_POINTS; point += 1) {
      let child: number | null = null;
      const sandbox = await start(null, ({ pid }) => {
        child = pid;
      });
      const gone = new Promise<string>((resolve) => sandbox.onExit(resolve));
      const s3 = connect(sandbox);
      await s3.send(new CreateBucketCommand({ Bucket: 'records' }));
      const outcomes = await writeUntilKilled(s3, 5 + ((point * 13) % 211), () => {
        if (child !== null) process.kill(child, 'SIGKILL');
      });
      expect(await gone).toBe('SIGKILL');
      const storage = await openDiskStorage({ directory });
      const wrong: unknown[] = [];
      for (const [key, allowed] of outcomes) {
        const found = await bodyOf(storage, key);
        if (!allowed.includes(found))
          wrong.push([point, key, found?.slice(0, 40), allowed.map((body) => body?.slice(0, 40))]);
      }
      expect(wrong).toEqual([]);
      expect(outcomes.size).toBeGreaterThan(4);
      for (const key of outcomes.keys()) await storage.bucket('records')?.delete(key, () => undefined);
      await storage.close();
    }
  },
  KILL_POINTS * 6_000,
);

async function bodyOf(storage: SandboxStorage, key: string): Promise<string | null> {
  const opened = await storage.bucket('records')?.open(key);
  if (opened === undefined || opened === null) return null;
  const content = opened.read(0, opened.entry.size);
  const chunks: Uint8Array[] = [];
  if (content instanceof Uint8Array) chunks.push(content);
  else for await (const chunk of content) chunks.push(chunk);
  await opened.close();
  return Buffer.concat(chunks).toString();
}
