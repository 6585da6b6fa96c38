import { expect, test } from 'vitest';
import { addTries, type RequestGroup } from '../../../../renderer/requests/request-groups.ts';
import { objectWords, statusWords, triesWords, wordsOfFailure } from '../../../../renderer/requests/request-words.ts';
import type { RequestEntry } from '../../../../shared/request-log.ts';
import { requestEntry } from './request-entry.ts';

const busy = { status: 503, failure: 'throttled', s3Code: 'SlowDown', triedAgain: true } as const;

function group(...tries: readonly Partial<RequestEntry>[]): RequestGroup {
  const entries = tries.map((facts, at) => requestEntry({ request: 1, sequence: at + 1, attempt: at + 1, ...facts }));
  const [made] = addTries([], entries, 1);
  if (made === undefined) throw new Error('a request has tries');
  return made;
}

const failed = (detail?: object) =>
  wordsOfFailure({ code: 'server-error', message: '', retryable: false, ...(detail ? { detail } : {}) });

test('a request says in words how it ended, and of what its tries came', () => {
  const said = [
    group({}),
    group({ status: 204 }),
    group(busy, busy, {}),
    group(busy),
    group(busy, { ...busy, triedAgain: false }),
    group({ status: 403, failure: 'access-denied', s3Code: 'AccessDenied' }),
    // A HEAD has no body that could name the error.
    group({ status: 404, failure: 'record-not-found' }),
    group({ status: null, failure: 'connection-refused', requestId: null }),
    group({ status: 200, failure: 'connection-lost' }),
    group({ status: null, failure: 'aborted' }),
    // The log has dropped the first two tries.
    group({ attempt: 3, sequence: 9 }),
  ].map((each) => `${statusWords(each).kind} | ${statusWords(each).text} | ${triesWords(each)}`);
  expect(said).toEqual([
    'done | 200 OK | 1',
    'done | 204 No Content | 1',
    'done | 200 OK | 3 tries: 503, 503, 200',
    'again | 503 SlowDown, trying again | 1',
    'failed | 503 SlowDown | 2 tries: 503, 503',
    'failed | 403 AccessDenied | 1',
    'failed | 404 Not Found | 1',
    'failed | Refused | 1',
    'failed | 200, broken off | 1',
    'stopped | Stopped | 1',
    'done | 200 OK | 3 tries: …, 200',
  ]);
});

test('the object of a request is its key, the prefix of a listing, or all buckets', () => {
  expect([
    objectWords(requestEntry()),
    objectWords(requestEntry({ key: null, path: '/records?list-type=2&prefix=a%20b%2F%2B' })),
    objectWords(requestEntry({ key: null, path: '/records' })),
    objectWords(requestEntry({ bucket: null, key: null, path: '/' })),
  ]).toEqual(['records/a.json', 'records/a b/+', 'records/', 'all buckets']);
});

test('a failure is looked for by its request id, else by what was asked, and not at all where nothing was sent', () => {
  expect([
    failed({ operation: 'GetObject', bucket: 'b', key: 'k', requestId: 'R1' }),
    failed({ operation: 'GetObject', bucket: 'b', key: 'k' }),
    failed({ operation: 'ListObjectsV2', bucket: 'b' }),
    failed({ operation: 'ListBuckets' }),
    failed({ path: 'where' }),
    failed(),
  ]).toEqual(['R1', 'GetObject k', 'ListObjectsV2 b', 'ListBuckets', null, null]);
});
