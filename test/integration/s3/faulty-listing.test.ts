import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Fault, FaultRule } from '../../../electron/sandbox/faults/fault-rules.ts';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import type { S3Client } from '../../../electron/engine/s3/s3-client.ts';
import { AppFailure } from '../../../shared/result.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../support/sandbox.ts';

const KEYS = Array.from({ length: 25 }, (_, at) => `records/${String(at).padStart(2, '0')}.json`);

let sandbox: TestSandbox;
let client: S3Client;

beforeAll(async () => {
  sandbox = await startTestSandbox({ buckets: ['records'] });
  client = createS3Client({ ...targetOf(sandbox), name: 'Sandbox' });
  for (const key of KEYS) await client.putObject('records', key, Buffer.from('{}'), {});
});

afterEach(() => sandbox.faults.set([]));

afterAll(async () => {
  await client.close();
  await sandbox.stop();
});

/** All keys, or the code of what went wrong. */
async function list(rules: readonly FaultRule[], atOnce = false): Promise<readonly string[] | string> {
  sandbox.faults.set(rules, 3);
  const keys: string[] = [];
  const options = { prefix: 'records/', maxKeys: 4 };
  try {
    if (atOnce) {
      for await (const { objects, startsAgain } of client.listAllObjectsAtOnce('records', options)) {
        if (startsAgain) keys.length = 0;
        keys.push(...objects.map(({ key }) => key));
      }
      return keys.toSorted();
    }
    for await (const page of client.listAllObjects('records', options)) {
      keys.push(...page.objects.map(({ key }) => key));
    }
    return keys;
  } catch (error) {
    if (error instanceof AppFailure) return error.error.code;
    throw error;
  }
}

function second(fault: Fault): readonly FaultRule[] {
  return [{ operation: 'ListObjectsV2', page: 2, times: 1, fault }];
}

test.each<[string, readonly FaultRule[]]>([
  ['broken before they are answered', second({ kind: 'reset', at: 'before-answer' })],
  ['broken in their middle', second({ kind: 'reset', at: 'answer-body' })],
  ['answered on a connection that then closes', [{ fault: { kind: 'reset', at: 'after-answer' } }]],
  ['refused now and then', [{ rate: 0.15, fault: { kind: 'answer', status: 503, code: 'SlowDown' } }]],
  ['answered in small pieces', [{ fault: { kind: 'trickle', bytes: 500, milliseconds: 1 } }]],
])('a listing is complete where its pages are %s', async (_, rules) => {
  for (const atOnce of [false, true]) {
    expect(await list(rules, atOnce)).toEqual(KEYS);
    expect(sandbox.faults.hits[0]).toBeGreaterThan(0);
  }
});

test.each<[string, readonly FaultRule[], string]>([
  ['ends in its middle', second({ kind: 'cut-page' }), 'not-s3'],
  ['comes again and again', [{ page: 3, fault: { kind: 'repeat-page' } }], 'server-error'],
])('a listing is an error, and never shorter, where a page %s', async (_, rules, code) => {
  expect(await list(rules)).toBe(code);
});

test.each<[string, Fault, readonly string[] | string]>([
  ['comes for another, which then lists one page after the other', { kind: 'repeat-page' }, KEYS],
  ['ends in its middle', { kind: 'cut-page' }, 'not-s3'],
])('a listing by many requests at once is whole or an error where a page %s', async (_, fault, expected) => {
  for (const page of [2, 3, 4]) {
    const answered = await list([{ operation: 'ListObjectsV2', page, times: 1, fault }], true);
    expect(answered).toEqual(expected);
  }
});

test.each([false, true])(
  'a bucket that is deleted in the middle of its listing is an error that names it (at once: %s)',
  async (atOnce) => {
    for (const page of [2, 3]) {
      const fault = { kind: 'answer', status: 404, code: 'NoSuchBucket' } as const;
      expect(await list([{ operation: 'ListObjectsV2', page, fault }], atOnce)).toBe('no-such-bucket');
    }
  },
);
