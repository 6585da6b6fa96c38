import { expect, test } from 'vitest';
import { requestCount } from '../../shared/ledger.ts';
import { createLedger, type SpentRequest } from '../../electron/engine/cost/ledger.ts';
import { requestCost } from '../../electron/engine/cost/request-prices.ts';

const NOON = Date.UTC(2026, 10, 29, 12);
const DAY = 24 * 60 * 60 * 1000;

const request = (change: Partial<SpentRequest>): SpentRequest => ({
  connection: 'aws',
  connectionName: 'Archive',
  isAmazon: true,
  operation: 'GetObject',
  storageClass: null,
  bytesUp: 0,
  bytesDown: 300,
  ...change,
});

test('counts requests, bytes and money by connection and day of UTC', () => {
  let now = NOON;
  let changes = 0;
  const ledger = createLedger({ days: [], onChanged: () => (changes += 1), now: () => now });
  for (let index = 0; index < 1000; index += 1) ledger.count(request({}));
  ledger.count(request({ operation: 'PutObject', bytesUp: 500, bytesDown: 0 }));
  ledger.count(request({ connection: 'minio', connectionName: 'MinIO', isAmazon: false }));
  now += 12 * 60 * 60 * 1000;
  ledger.count(request({ connectionName: 'Archive, renamed' }));
  const { days, prices } = ledger.read();
  expect(changes).toBe(1003);
  expect(days.map(({ day, connectionName }) => [day, connectionName])).toEqual([
    ['2026-11-30', 'Archive, renamed'],
    ['2026-11-29', 'Archive'],
    ['2026-11-29', 'MinIO'],
  ]);
  expect(days[1]).toMatchObject({ requests: { GetObject: 1000, PutObject: 1 }, bytesUp: 500, bytesDown: 300_000 });
  expect(days[1]?.cost).toBeCloseTo(0.0004 + 0.000_005, 9);
  expect(days[2]?.cost).toBeNull();
  expect(requestCount(days[1]?.requests ?? {})).toBe(1001);
  expect(prices).toEqual({ region: 'us-east-1', date: '2026-11-22' });

  // It goes on from what was kept, and forgets what is older than 400 days.
  const later = createLedger({ days, onChanged: () => undefined, now: () => now });
  later.count(request({}));
  expect(later.read().days[0]?.requests['GetObject']).toBe(2);
  now = NOON + 400 * DAY;
  later.count(request({}));
  expect(later.read().days.map(({ day }) => day)).toEqual(['2028-01-03', '2026-11-30']);
});

test('a million creates cost 5 dollars, a naive search over a million records 40 cents, deletes nothing', () => {
  expect(1e6 * requestCost('PutObject', null, 0)).toBeCloseTo(5);
  expect(1e6 * requestCost('GetObject', 'STANDARD', 300)).toBeCloseTo(0.4);
  expect(1e3 * requestCost('ListObjectsV2', null, 300_000)).toBeCloseTo(0.005);
  expect(requestCost('DeleteObjects', null, 0) + requestCost('AbortMultipartUpload', null, 0)).toBe(0);
  // Copies into a colder class are billed at that class's rate.
  expect(1e6 * requestCost('CopyObject', 'STANDARD_IA', 0)).toBeCloseTo(10);
  expect(requestCost('GetObject', 'GLACIER_IR', 1e9)).toBeCloseTo(0.030_01);
});
