import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRequestLog } from '../../../electron/engine/s3/request-log.ts';
import { createSigner } from '../../../electron/engine/s3/signing.ts';
import { endedTry } from './ended-try.ts';
import { collectGarbage } from '../collect-garbage.ts';

const quiet = { onChanged: () => undefined };
const slowDown = { code: 'throttled', message: '', retryable: true, detail: { s3Code: 'SlowDown' } } as const;
const missing = { code: 'record-not-found', message: '', retryable: false, detail: { s3Code: 'NoSuchKey' } } as const;

describe('the request log', () => {
  test('keeps the last 5,000 tries, by sequence number, and hands them out 1,000 at a time', () => {
    const log = createRequestLog(quiet);
    for (let index = 0; index < 12_345; index += 1) log.record(endedTry({ number: log.nextRequest() }));
    const pages: (readonly number[])[] = [];
    let next = 0;
    let last = -1;
    while (next !== last) {
      const page = log.list(next, {}, 1_000);
      pages.push([page.entries.length, page.entries[0]?.sequence ?? 0, page.entries.at(-1)?.sequence ?? 0, page.first]);
      ({ next, last } = page);
    }
    expect(pages).toEqual([
      [1_000, 7_346, 8_345, 7_346],
      [1_000, 8_346, 9_345, 7_346],
      [1_000, 9_346, 10_345, 7_346],
      [1_000, 10_346, 11_345, 7_346],
      [1_000, 11_346, 12_345, 7_346],
    ]);
  });

  test('keeps fewer where their texts are long, and at least the last', () => {
    const log = createRequestLog({ ...quiet, mostBytes: 20_000 });
    const key = 'k'.repeat(1024);
    for (let index = 0; index < 100; index += 1) log.record(endedTry({ key }));
    const { first, last } = log.list(0, {}, 1_000);
    expect({ kept: last - first + 1, last }).toEqual({ kept: 8, last: 100 });
    log.record(endedTry({ key: 'k'.repeat(30_000) }));
    expect(log.list(0, {}, 1_000)).toMatchObject({ first: 101, last: 101, entries: [{ sequence: 101 }] });
  });

  test('keeps a key, and not the page of a listing that it was cut out of', () => {
    const log = createRequestLog(quiet);
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < 50; index += 1) {
      const page = `<Key>movies/${index}.json</Key>${Buffer.alloc(1_000_000, index).toString('latin1')}`;
      log.record(endedTry({ key: page.slice(5, page.indexOf('</')) }));
    }
    collectGarbage();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000);
    expect(log.list(0, {}, 1).entries[0]?.key).toBe('movies/0.json');
  });

  test('says what a try was, and nothing of how it was signed', () => {
    const secrets = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'the-secret', sessionToken: 'the-token' };
    const body = Buffer.from('{"secret":"in the body"}');
    const sent = createSigner(secrets, 'us-east-1').sign(
      {
        method: 'PUT',
        path: '/records/a.json',
        query: '',
        headers: {
          host: '127.0.0.1:9000',
          'content-type': 'application/json',
          'if-match': '"e1"',
          'x-amz-meta-owner': 'archive',
          'x-amz-server-side-encryption-customer-key': 'the-customer-key',
          cookie: 'the-cookie',
        },
        body,
      },
      new Date(1_795_591_482_000),
    );
    const log = createRequestLog(quiet);
    log.record(
      endedTry({
        operation: 'PutObject',
        method: 'PUT',
        sent,
        body,
        path: '/records/a.json?X-Amz-Credential=AKIDEXAMPLE%2Fx&x-id=PutObject&X-Amz-Security-Token=the-token&X-Amz-Signature=abc',
        received: { 'x-amz-request-id': 'R1', 'x-amz-id-2': 'R2', etag: '"e2"', 'set-cookie': 'the-cookie' },
      }),
    );
    const { entries } = log.list(0, {}, 1_000);
    expect(entries).toEqual([
      {
        sequence: 1,
        request: 1,
        attempt: 1,
        triedAgain: false,
        started: 1_795_591_482_000,
        milliseconds: 6.5,
        firstByteMilliseconds: 4,
        connection: 'Lab',
        region: 'us-east-1',
        collection: 'movies',
        lane: 'bulk',
        operation: 'PutObject',
        method: 'PUT',
        origin: 'http://127.0.0.1:9000',
        path: '/records/a.json?X-Amz-Credential=(not%20kept)&x-id=PutObject&X-Amz-Security-Token=(not%20kept)&X-Amz-Signature=(not%20kept)',
        bucket: 'records',
        key: 'a.json',
        status: 200,
        failure: null,
        s3Code: null,
        bytesUp: body.byteLength,
        bytesDown: 300,
        requestId: 'R1',
        sentHeaders: [
          'content-type',
          'application/json',
          'if-match',
          '"e1"',
          'x-amz-meta-owner',
          'archive',
          'x-amz-security-token',
          '(not kept)',
        ],
        receivedHeaders: ['x-amz-request-id', 'R1', 'x-amz-id-2', 'R2', 'etag', '"e2"'],
      },
    ]);
    expect(JSON.stringify(entries)).not.toMatch(/the-|AKIDEXAMPLE|in the body/);
  });

  test('finds requests by words, failure, tries and connection, with all tries of what it finds', () => {
    const log = createRequestLog(quiet);
    log.record(endedTry({ number: 1, status: 503, error: slowDown, triedAgain: true }));
    log.record(endedTry({ number: 2, key: 'b c.json', status: 404, error: missing }));
    log.record(endedTry({ number: 1, attempt: 2, received: { 'x-amz-request-id': 'ABC' } }));
    log.record(endedTry({ number: 3, operation: 'ListObjectsV2', key: null, path: '/records?prefix=orders%2F' }));
    log.record(endedTry({ number: 4, connection: 'Archive' }));
    const found = (filter: Parameters<typeof log.list>[1]) =>
      log.list(0, filter, 1_000).entries.map(({ request, attempt }) => `${request}.${attempt}`);
    expect({
      slow: found({ text: 'slowdown' }),
      id: found({ text: 'abc' }),
      words: found({ text: ' GETobject  c.json 404 ' }),
      prefix: found({ text: 'orders' }),
      failed: found({ failed: true }),
      again: found({ triedAgain: true }),
      both: found({ failed: true, triedAgain: true }),
      archive: found({ connection: 'Archive' }),
    }).toEqual({
      slow: ['1.1', '1.2'],
      id: ['1.1', '1.2'],
      words: ['2.1'],
      prefix: ['3.1'],
      failed: ['2.1'],
      again: ['1.1', '1.2'],
      both: [],
      archive: ['4.1'],
    });
  });
});

describe('news of the request log', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('comes at once and then five times a second at most, and says when it was emptied', () => {
    const heard: string[] = [];
    const log = createRequestLog({ onChanged: ({ first, last }) => heard.push(`${first}-${last}`) });
    for (let tick = 0; tick < 100; tick += 1) {
      log.record(endedTry());
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(1_000);
    expect(heard).toEqual(['1-1', '1-20', '1-40', '1-60', '1-80', '1-100']);
    log.clear();
    expect(heard.at(-1)).toBe('101-100');
    expect(log.list(0, {}, 10)).toEqual({ entries: [], first: 101, last: 100, next: 100 });
  });
});
