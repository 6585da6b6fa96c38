import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FaultRule, ResetPoint } from '../../../electron/sandbox/faults/fault-rules.ts';
import { nodeSandboxProcess, startSandbox, type SandboxProcess } from '../../../electron/sandbox/sandbox-process.ts';
import { buildSandboxScript } from '../support/sandbox-script.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { connectSdk } from './support/connect-sdk.ts';

let sandbox: TestSandbox;
let s3: S3Client;
let agent: Agent;

beforeEach(async () => {
  sandbox = await startTestSandbox({ buckets: ['records'] });
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
  s3 = connect(sandbox);
});

afterEach(async () => {
  agent.destroy();
  await sandbox.stop();
});

function connect(to: Pick<TestSandbox, 'endpoint' | 'region' | 'accessKeyId' | 'secretAccessKey'>): S3Client {
  return connectSdk(to, { requestHandler: { httpAgent: agent } });
}

/** What came of it: `done`, an error's name and status, or that the connection broke. */
async function outcome(work: Promise<object>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (error instanceof S3ServiceException && error.$response !== undefined) {
      return `${error.name} ${error.$metadata.httpStatusCode}`;
    }
    return 'broken';
  }
}

async function put(Key: string, Body = Key): Promise<string> {
  return await outcome(s3.send(new PutObjectCommand({ Bucket: 'records', Key, Body })));
}

async function read(Key: string, client = s3): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: 'records', Key }));
  return (await Body?.transformToString()) ?? '';
}

async function readOutcome(Key: string): Promise<string> {
  return await outcome(read(Key).then((text) => ({ text })));
}

it('the next requests of one operation fail, and no others', async () => {
  const slowDown = { kind: 'answer', status: 503, code: 'SlowDown' } as const;
  sandbox.faults.set([{ operation: 'PutObject', key: 'a', skip: 1, times: 2, fault: slowDown }]);
  const puts: string[] = [];
  for (const key of ['a1', 'b', 'a2', 'a3', 'a4']) puts.push(await put(key));
  expect([...puts, await readOutcome('a2'), await readOutcome('a1')]).toEqual([
    'done',
    'done',
    'SlowDown 503',
    'SlowDown 503',
    'done',
    'NoSuchKey 404',
    'done',
  ]);
  expect(sandbox.faults.hits).toEqual([2]);
});

it('a share of the requests fails, the same ones for the same seed', async () => {
  await put('a');
  const rules: readonly FaultRule[] = [{ rate: 0.3, fault: { kind: 'answer', status: 500, code: 'InternalError' } }];
  const run = async (seed: number): Promise<string> => {
    sandbox.faults.set(rules, seed);
    const found: string[] = [];
    for (let round = 0; round < 60; round += 1) found.push((await readOutcome('a')) === 'done' ? '.' : 'x');
    return found.join('');
  };
  const first = await run(7);
  expect([first === (await run(7)), first === (await run(8))]).toEqual([true, false]);
  const failed = first.split('x').length - 1;
  expect(failed).toBeGreaterThan(8);
  expect(failed).toBeLessThan(30);
});

it('a connection breaks where the test wants it, and the write is done or not as that says', async () => {
  const large = 'x'.repeat(200_000);
  await put('there', large);
  const broken = async (at: ResetPoint): Promise<readonly string[]> => {
    sandbox.faults.set([{ times: 1, fault: { kind: 'reset', at } }]);
    const written = await put(at, large);
    const after = await readOutcome(at);
    sandbox.faults.set([{ times: 1, fault: { kind: 'reset', at } }]);
    return [written, after, await readOutcome('there')];
  };
  expect([
    await broken('request-head'),
    await broken('request-body'),
    await broken('before-answer'),
    await broken('answer-body'),
    await broken('after-answer'),
  ]).toEqual([
    ['broken', 'NoSuchKey 404', 'broken'],
    ['broken', 'NoSuchKey 404', 'broken'],
    ['broken', 'done', 'broken'],
    // A PUT's answer has no body: the connection ends behind its head.
    [expect.stringMatching(/^(done|broken)$/), 'done', 'broken'],
    ['done', expect.stringMatching(/^(done|broken)$/), 'done'],
  ]);
});

it('a connection is closed behind an answer that promised to keep it', async () => {
  sandbox.faults.set([{ fault: { kind: 'reset', at: 'after-answer' } }]);
  const request = get(sandbox.endpoint, { agent });
  const [response]: IncomingMessage[] = await once(request, 'response');
  const closed = once(request.socket ?? request, 'close');
  response?.resume();
  await closed;
  expect([response?.statusCode, response?.headers.connection, response?.complete]).toEqual([403, 'keep-alive', true]);
});

it('an answer is delayed, or comes in small pieces, and is whole', async () => {
  await put('a', 'x'.repeat(1_000));
  sandbox.faults.set([
    { operation: 'HeadObject', fault: { kind: 'delay', milliseconds: 60 } },
    { operation: 'GetObject', fault: { kind: 'trickle', bytes: 100, milliseconds: 8 } },
  ]);
  const started = performance.now();
  await s3.send(new HeadObjectCommand({ Bucket: 'records', Key: 'a' }));
  const headed = performance.now();
  const text = await read('a');
  const ended = performance.now();
  expect(text).toBe('x'.repeat(1_000));
  expect(headed - started).toBeGreaterThan(55);
  expect(ended - headed).toBeGreaterThan(70);
});

it('whoever gives up on a slow answer ends it', async () => {
  sandbox.faults.set([{ fault: { kind: 'delay', milliseconds: 600_000 } }]);
  const gone = AbortSignal.timeout(50);
  await expect(fetch(sandbox.endpoint, { signal: gone })).rejects.toMatchObject({ name: 'TimeoutError' });
});

it('an answer can be anything, also where the work was done', async () => {
  sandbox.faults.set([
    { operation: 'PutObject', times: 1, fault: { kind: 'answer', status: 500, code: 'InternalError', done: true } },
    { operation: 'PutObject', times: 1, fault: { kind: 'answer', status: 403, code: 'ExpiredToken', message: 'Old.' } },
    { operation: 'GetObject', times: 1, fault: { kind: 'answer', status: 200, body: '<html>Log in</html>' } },
  ]);
  const target = { Bucket: 'records', Key: 'b', Body: 'x' };
  expect(await put('a')).toBe('InternalError 500');
  expect(await read('a')).toBe('<html>Log in</html>');
  expect(await read('a')).toBe('a');
  // Both rules fitted the first request; the first of a kind wins, and both have hit.
  expect([await outcome(s3.send(new PutObjectCommand(target))), sandbox.faults.hits]).toEqual(['done', [1, 1, 1]]);
});

/** Keys of a page of two, and the token of the next one. */
async function page(ContinuationToken: string | undefined): Promise<readonly [string, string | undefined]> {
  const input = { Bucket: 'records', MaxKeys: 2, ContinuationToken };
  const { Contents, NextContinuationToken } = await s3.send(new ListObjectsV2Command(input));
  return [(Contents ?? []).map(({ Key }) => Key).join(''), NextContinuationToken];
}

function list(Marker: string): Promise<string> {
  return outcome(s3.send(new ListObjectsCommand({ Bucket: 'records', MaxKeys: 2, Marker })));
}

it('a page of a listing is cut off, or comes twice', async () => {
  for (const key of ['a', 'b', 'c', 'd', 'e']) await put(key);
  sandbox.faults.set([{ operation: 'ListObjectsV2', page: 2, times: 1, fault: { kind: 'repeat-page' } }]);
  const [first, token] = await page(undefined);
  const [again, sameToken] = await page(token);
  const [second, last] = await page(sameToken);
  expect([first, again, sameToken === token, second, (await page(last))[0]]).toEqual(['ab', 'ab', true, 'cd', 'e']);
  sandbox.faults.set([{ operation: 'ListObjects', page: 3, fault: { kind: 'cut-page' } }]);
  expect([await list(''), await list('b'), await list('d'), await list('d'), await list('b')]).toEqual([
    'done',
    'done',
    'broken',
    'broken',
    'done',
  ]);
});

it('the process of a sandbox takes faults from its parent', async () => {
  const script = await buildSandboxScript();
  let child: SandboxProcess | null = null;
  const running = await startSandbox({
    directory: null,
    sampleData: null,
    spawn: () => {
      child = nodeSandboxProcess(script);
      return child;
    },
  });
  const rules: readonly FaultRule[] = [{ times: 1, fault: { kind: 'answer', status: 503, code: 'SlowDown' } }];
  try {
    await setFaults(child, rules);
    const client = connect(running);
    const create = (): Promise<string> => outcome(client.send(new CreateBucketCommand({ Bucket: 'records' })));
    expect([await create(), await create()]).toEqual(['SlowDown 503', 'done']);
  } finally {
    await running.stop();
    rmSync(dirname(script), { recursive: true, force: true });
  }
});

async function setFaults(child: SandboxProcess | null, rules: readonly FaultRule[]): Promise<void> {
  await new Promise<void>((resolve) => {
    child?.onMessage((message) => {
      if (typeof message === 'object' && message !== null && 'type' in message && message.type === 'faults-set')
        resolve();
    });
    child?.send({ type: 'faults', rules, seed: 1 });
  });
}
