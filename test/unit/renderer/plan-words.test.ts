import { expect, test } from 'vitest';
import { answerWords, cautions, progressShare, progressWords, syncCost } from '../../../renderer/query/plan-words.ts';
import { readLines } from '../../../renderer/api/read-lines.ts';
import type { OpenedQuery, SyncProgress } from '../../../shared/page.ts';

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
  const synced: SyncProgress = { ...PROGRESS, state: 'done', requests: 3205 };
  expect([syncCost(OPENED, null), syncCost(OPENED, synced)]).toEqual([null, '3,205 requests']);
  const read = {
    ...OPENED,
    statistics: { ...OPENED.statistics, requests: { ListObjectsV2: 4, GetObject: 3197 }, bytes: 2048 },
  };
  expect(answerWords(read).slice(0, 3)).toEqual(['read from S3', '3,201 requests', '2.0 KB']);
  expect(syncCost(read, synced)).toBeNull();
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
