import { expect, test } from 'vitest';
import { readJson } from '../../../shared/json/read-json.ts';
import type { DecodedRecord } from '../../../electron/engine/records/codec.ts';
import { FieldProfile } from '../../../electron/engine/index/process/field-profile.ts';

function record(text: string): DecodedRecord {
  const root = readJson(text);
  if (root.kind !== 'object') throw new Error('no object');
  return { form: 'plain', text, root, fields: root.members, metadata: [], hasMetadata: false, notes: [] };
}

test('fields that only some records have take their place between their neighbours', () => {
  const profile = new FieldProfile();
  for (const text of [
    '{"title":1,"year":2}',
    '{"title":1,"rating":1,"year":2}',
    '{"id":0,"title":1,"note":{"by":{},"at":1}}',
  ]) {
    profile.visit(record(text), (entry) => {
      entry.seen += 1;
    });
  }
  expect(Array.from(profile.entries(), ({ path, seen }) => [path.join('/'), seen])).toEqual([
    ['id', 1],
    ['title', 3],
    ['note', 1],
    ['note/by', 1],
    ['note/at', 1],
    ['rating', 1],
    ['year', 2],
  ]);
});

test('of two members with one name the last is the value, below a field too', () => {
  const profile = new FieldProfile();
  const seen: string[] = [];
  profile.visit(record('{"a":{"b":1,"b":"x"}}'), ({ path }, value) => seen.push(`${path.join('.')} ${value.kind}`));
  expect(seen).toEqual(['a object', 'a.b string']);
});

test('records with a name of their own each do not fill the memory, and the profile says that it is not whole', () => {
  const profile = new FieldProfile();
  for (let row = 0; row < 6_000; row += 1) profile.visit(record(`{"same":1,"x${String(row)}":1}`), () => undefined);
  expect([Array.from(profile.entries()).length, profile.isWhole, profile.find('fields', ['x5999'])]).toEqual([
    5_000,
    false,
    'deeper',
  ]);
});

test('a record nested 20,000 deep is walked without a stack overflow', () => {
  const profile = new FieldProfile();
  let deepest = 0;
  profile.visit(record(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`), ({ path }) => {
    deepest = Math.max(deepest, path.length);
  });
  expect([
    deepest,
    profile.find(
      'fields',
      Array.from({ length: 9 }, () => 'a'),
    ),
  ]).toEqual([8, 'deeper']);
});
