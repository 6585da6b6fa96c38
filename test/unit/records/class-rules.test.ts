import { expect, test } from 'vitest';
import { createClassRules } from '../../../electron/engine/records/class-rules.ts';
import { decodeRecord } from '../../../electron/engine/records/decode-record.ts';
import { storageRuleProblem, type StorageRule } from '../../../shared/storage-rules.ts';

const NOW = Date.UTC(2026, 10, 29);

const RULES: readonly StorageRule[] = [
  { where: '@size > 131072 and not (status = "open")', storageClass: 'STANDARD_IA' },
  { where: 'status = "closed"', storageClass: 'GLACIER_IR' },
  { where: '@key starts_with "old/" or not created within_last 30 days', storageClass: 'DEEP_ARCHIVE' },
  { where: '/* status exists */', storageClass: 'GLACIER' },
];

test.each([
  ['{"status":"closed","created":"2026-11-28"}', 10, 'new/a.json', 'GLACIER_IR'],
  ['{"status":"closed","created":"2026-11-28"}', 131_073, 'new/a.json', 'STANDARD_IA'],
  ['{"status":"open","created":"2026-11-28"}', 131_073, 'new/a.json', null],
  ['{"created":"2026-01-01"}', 10, 'new/a.json', 'DEEP_ARCHIVE'],
  ['{"created":"2026-11-28"}', 10, 'old/a.json', 'DEEP_ARCHIVE'],
])('the first rule that is true of a record says its class: %s of %i bytes at %s', (text, size, key, expected) => {
  const choose = createClassRules(RULES, NOW);
  expect(choose({ id: 'a', key, size, record: decodeRecord('plain', text) })).toBe(expected);
});

test('a rule asks what is known before an object is written', () => {
  expect(storageRuleProblem('rating > 8')).toBeNull();
  expect(storageRuleProblem('rating >')).toEqual(expect.any(String));
  expect(storageRuleProblem('  ')).toContain('A condition is missing');
  expect(storageRuleProblem('a = 1 or (@last_modified within_last 3 days)')).toContain('@last_modified is not known');
  expect(storageRuleProblem('@tag.done = "yes"')).toContain('@tag is not known');
  expect(() => createClassRules([{ where: '@etag exists', storageClass: 'GLACIER' }], NOW)).toThrow('cannot be asked');
});
