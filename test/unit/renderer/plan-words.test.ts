import { expect, test } from 'vitest';
import {
  answerWords,
  cautions,
  everythingWords,
  nextRunWords,
  progressShare,
  progressWords,
  savedWords,
  syncCost,
} from '../../../renderer/query/plan-words.ts';
import { readLines } from '../../../renderer/api/read-lines.ts';
import type { OpenedQuery, SyncProgress } from '../../../shared/page.ts';
import { dollarsText } from '../../../shared/plan-text.ts';
import type { Plan } from '../../../shared/plan.ts';

const OPENED: OpenedQuery = {
  result: 'r',
  total: 96,
  records: 3201,
  unreadable: 0,
  complete: true,
  notes: [],
  syncing: false,
  syncedAt: 1_000_000,
  version: 1,
  columns: [],
  statistics: { requests: {}, bytes: 0, scanned: 3201, milliseconds: 6.2 },
};

const PROGRESS: SyncProgress = {
  collection: 'c',
  state: 'reading',
  listed: 50_214,
  toRead: 50_214,
  read: 18_640,
  unreadable: 0,
  requests: 18_691,
  bytes: 0,
  startedAt: 0,
};

test('the plan line says where the rows came from and what that cost, the sync before included', () => {
  expect(answerWords(OPENED)).toEqual(['from index', '0 requests', '6 ms']);
  const synced = { syncRequests: 3205 };
  expect([syncCost(OPENED), syncCost({ ...OPENED, ...synced })]).toEqual([null, '3,205 requests']);
  const read = {
    ...OPENED,
    statistics: { ...OPENED.statistics, requests: { ListObjectsV2: 4, GetObject: 3197 }, bytes: 2048 },
  };
  expect(answerWords(read).slice(0, 3)).toEqual(['read from S3', '3,201 requests', '2.0 KB']);
  expect(syncCost({ ...read, ...synced })).toBeNull();
});

const PLAN: Plan = {
  source: 'listing',
  below: null,
  requests: [
    { operation: 'ListObjectsV2', count: 4, exact: false, bytes: 0, dollars: 0.000_02 },
    { operation: 'GetObject', count: 0, exact: false, bytes: 0, dollars: 0 },
    { operation: 'GetObjectTagging', count: 81, exact: true, bytes: 26_730, dollars: 0.000_032_4 },
  ],
  seconds: 0.4,
  tags: { toRead: 81, known: 0, oldestReadAt: null, exact: true },
  everything: {
    requests: [
      { operation: 'ListObjectsV2', count: 4, exact: true, bytes: 0, dollars: 0.000_02 },
      { operation: 'GetObject', count: 3_201, exact: true, bytes: 1_468_006, dollars: 0.001_280_4 },
    ],
  },
  prices: { region: 'us-east-1', date: '2026-11-22', isOfRegion: false },
  budget: null,
};

test('before a run the plan line says what it would take, and after it what that was and what was saved', () => {
  expect(nextRunWords(PLAN)).toBe(
    'next run: at least 4 LIST, GETs unknown until listed, 81 tag requests, 26.1 KB, at least $0.00005, under 1 s',
  );
  expect(nextRunWords({ ...PLAN, seconds: null, requests: PLAN.requests.slice(2) })).toBe(
    'next run: 81 tag requests, 26.1 KB, $0.00003, time unknown',
  );
  expect(nextRunWords({ ...PLAN, requests: [] })).toBe('next run: 0 requests');
  const billed = { ...OPENED, statistics: { ...OPENED.statistics, requests: { ListObjectsV2: 4 }, dollars: 0.000_02 } };
  expect(answerWords(billed)).toEqual(['read from S3', '4 requests', '$0.00002', '6 ms']);
  expect([
    savedWords(billed, PLAN),
    savedWords(OPENED, { ...PLAN, everything: null }),
    savedWords(OPENED, null),
  ]).toEqual(['3,201 requests, $0.001 saved', null, null]);
  expect(everythingWords(PLAN)).toEqual([
    'Download all: 4 LIST, 3,201 GET, 1.4 MB, $0.001',
    'Prices of us-east-1, 2026-11-22. The connection is of another region, whose prices are not known.',
  ]);
  expect([0, 0.000_000_4, 0.01, 12.345, 1_234].map(dollarsText)).toEqual([
    '$0',
    '$0.0000004',
    '$0.01',
    '$12.35',
    '$1,234.00',
  ]);
});

test('what is partial or unreadable is said in words', () => {
  expect(cautions(OPENED)).toEqual([]);
  expect(cautions({ ...OPENED, complete: false, unreadable: 2 })).toEqual([
    'rows so far: not all of the bucket has been read',
    '2 objects are unreadable',
  ]);
});

test('a sync is counted: read, rate, time left, requests', () => {
  const { strong, rest, further } = progressWords(PROGRESS, true, 2_216);
  expect([strong, rest, ...further]).toEqual([
    '18,640',
    'of 50,214 read',
    'rows so far, the order may still change',
    '8,412/s',
    '4 s left',
    '18,691 requests',
  ]);
  expect(progressWords({ ...PROGRESS, subject: 'tags', toRead: 81, read: 8 }, false, 100)).toMatchObject({
    strong: '8',
    rest: 'of 81 records: tags read',
  });
  expect(progressShare(PROGRESS)).toBeCloseTo(0.371, 3);
});

test('events are lines, however the stream cuts them', async () => {
  const bytes = new TextEncoder().encode('\n{"name":"é"}\n{"b":1}\nunfinished');
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const lines: string[] = [];
  for await (const line of readLines(stream)) lines.push(line);
  expect(lines).toEqual(['', '{"name":"é"}', '{"b":1}']);
});
