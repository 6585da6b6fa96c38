import { CreateBucketCommand, PutBucketVersioningCommand, S3ServiceException } from '@aws-sdk/client-s3';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodeSandboxProcess, startSandbox } from '../../../electron/sandbox/sandbox-process.ts';
import { openDiskStorage } from '../../../electron/sandbox/storage/disk-storage.ts';
import { buildSandboxScript } from '../support/sandbox-script.ts';
import { connectSdk } from './support/connect-sdk.ts';
import { emptyBucket } from './support/empty-bucket.ts';
import { heldOf, SandboxWriter } from './support/sandbox-writer.ts';

/** `npm run test:long` asks for all of them. */
const KILL_POINTS = process.env['DIPPER_TEST_LONG'] === '1' ? 200 : 10;
const WRITERS = 8;

let script: string;
let directory: string;

beforeAll(async () => {
  script = await buildSandboxScript();
  directory = mkdtempSync(join(tmpdir(), 'dipper-sandbox-kill-'));
});

afterAll(() => {
  rmSync(dirname(script), { recursive: true, force: true });
  rmSync(directory, { recursive: true, force: true });
});

/** Writers at work until so many of their writes have been answered and `kill` was called. */
async function writeUntilKilled(writers: readonly SandboxWriter[], killAfter: number, kill: () => void): Promise<void> {
  let answered = 0;
  const work = async (writer: SandboxWriter): Promise<void> => {
    for (;;) {
      try {
        await writer.write();
      } catch (error) {
        // Refused is not killed: the writer then knows its keys wrongly.
        if (error instanceof S3ServiceException && error.$response?.statusCode !== undefined) throw error;
        return;
      }
      answered += 1;
      if (answered === killAfter) kill();
    }
  };
  await Promise.all(writers.map(work));
}

it(
  'keeps every write it answered when it is killed in the middle of others',
  async () => {
    for (let point = 0; point < KILL_POINTS; point += 1) {
      let child: number | null = null;
      const sandbox = await startSandbox({
        directory,
        sampleData: null,
        spawn: () => {
          const started = nodeSandboxProcess(script);
          child = started.pid;
          return started;
        },
        // A record that was cut off is no loss: it was not answered.
        onNote: () => undefined,
      });
      const gone = new Promise<string>((resolve) => sandbox.onExit(resolve));
      const s3 = connectSdk(sandbox, { requestChecksumCalculation: 'WHEN_REQUIRED' });
      for (const Bucket of ['plain', 'versions']) await s3.send(new CreateBucketCommand({ Bucket }));
      const VersioningConfiguration = { Status: 'Enabled' } as const;
      await s3.send(new PutBucketVersioningCommand({ Bucket: 'versions', VersioningConfiguration }));
      const writers = Array.from({ length: WRITERS }, (_, at) => ({
        name: `writer-${at}`,
        bucket: at % 2 === 0 ? 'plain' : 'versions',
      })).map(({ name, bucket }, at) => ({
        name,
        bucket,
        writer: new SandboxWriter(s3, bucket, name, bucket === 'versions', point * WRITERS + at),
      }));
      await writeUntilKilled(
        writers.map(({ writer }) => writer),
        5 + ((point * 37) % 211),
        () => {
          if (child !== null) process.kill(child, 'SIGKILL');
        },
      );
      expect(await gone).toBe('SIGKILL');

      const storage = await openDiskStorage({ directory });
      const wrong: unknown[] = [];
      for (const { name, bucket, writer } of writers) {
        const opened = storage.bucket(bucket);
        const held = opened === null ? 'no bucket' : await heldOf(opened, name);
        if (!writer.allowed.includes(held)) wrong.push({ point, name, held, allowed: writer.allowed });
      }
      expect(wrong).toEqual([]);
      for (const bucket of storage.buckets()) await emptyBucket(bucket);
      expect(readdirSync(join(directory, 'bodies'))).toEqual([]);
      await storage.close();
    }
  },
  KILL_POINTS * 6_000,
);
