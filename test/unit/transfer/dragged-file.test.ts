import { expect, test } from 'vitest';
import { draggedFile } from '../../../electron/engine/transfer/export/dragged-file.ts';

function names(collection: string, ...keys: readonly (string | null)[]): readonly string[] {
  return keys.map((key) => draggedFile(collection, { text: '', key }).name);
}

test('several records are called as their collection, one as its object, safe on every system', () => {
  expect(names('Movies: 2026/all', null)).toEqual(['Movies_ 2026_all.ndjson']);
  expect(names('..', null)).toEqual(['_..ndjson']);
  expect(names('movies', 'movies/a.json', 'movies/B.JSON', 'movies/c', 'movies/d/', 'con.json', '../..')).toEqual([
    'a.json',
    'B.JSON',
    'c.json',
    'd.json',
    '_con.json',
    '_..json',
  ]);
  expect(draggedFile('movies', { text: '{}', key: 'a' }).mediaType).toBe('application/json');
  expect(draggedFile('movies', { text: '{}\n', key: null }).mediaType).toBe('application/x-ndjson');
});
