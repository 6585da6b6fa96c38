import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseDate } from '../../../electron/engine/index/query/iso-date.ts';

test('strings are dates exactly where Python 3.12 reads them, and the same instants', () => {
  const file = new URL('../../fixtures/python/dates.json', import.meta.url);
  const golden: [string, string | null, boolean][] = JSON.parse(readFileSync(file, 'utf8'));
  const read = golden.map(([text]) => {
    const date = parseDate(text);
    return [text, date === null ? null : date.instant.toString(), date?.hasOffset ?? false];
  });
  const differences = golden.flatMap((line, index) =>
    JSON.stringify(line) === JSON.stringify(read[index]) ? [] : [{ python: line, ours: read[index] }],
  );
  expect(differences).toEqual([]);
  expect(golden.filter(([, instant]) => instant !== null).length).toBeGreaterThan(1_000);
});
