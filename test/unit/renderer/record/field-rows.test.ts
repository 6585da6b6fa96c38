import { expect, test } from 'vitest';
import { fieldRows, rowId } from '../../../../renderer/record/field-rows.ts';
import { editsBetween, type RecordDocument } from '../../../../renderer/record/record-document.ts';

const base: RecordDocument = {
  fields: '{"title": "Modern Times", "gross": null, "crew": {"director": "Chaplin"}, "cast": [1, 2], "old": 1}',
  metadata: '{}',
};
const now: RecordDocument = {
  fields: '{"title": "", "gross": null, "crew": {"director": "C."}, "cast": [1, 2], "added": 2.50}',
  metadata: '{}',
};

test('a changed record shows what was, what is new and what goes, in the places of the record', () => {
  const rows = fieldRows({
    part: 'fields',
    base,
    now,
    edits: editsBetween(base, now),
    expanded: new Map([[rowId('fields', ['crew']), 200]]),
  });
  expect(
    rows.map((row) =>
      row.type === 'more'
        ? row.hidden
        : [row.name, row.depth, row.state, row.value.kind, row.value.text, row.was?.text ?? null, row.changedInside],
    ),
  ).toEqual([
    ['title', 0, 'changed', 'string', '', 'Modern Times', false],
    ['gross', 0, 'same', 'null', 'null', null, false],
    ['crew', 0, 'same', 'object', '', null, true],
    ['director', 1, 'changed', 'string', 'C.', 'Chaplin', false],
    ['cast', 0, 'same', 'list', '', null, false],
    ['old', 0, 'removed', 'number', '1', null, false],
    ['added', 0, 'added', 'number', '2.50', null, false],
  ]);
});

test('a long list shows its first items and says how many more there are; deep ones cost nothing until opened', () => {
  const items = Array.from({ length: 1000 }, (_, index) => String(index));
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const document: RecordDocument = { fields: `{"list": [${items.join(',')}], "deep": ${deep}}`, metadata: '{}' };
  const rows = fieldRows({
    part: 'fields',
    base: document,
    now: document,
    edits: [],
    expanded: new Map([[rowId('fields', ['list']), 200]]),
  });
  const more = rows.find((row) => row.type === 'more');
  expect([rows.length, more]).toEqual([
    203,
    { type: 'more', id: `${rowId('fields', ['list'])} more`, of: rowId('fields', ['list']), depth: 1, hidden: 800 },
  ]);
});

test('an edit 20,000 levels deep is found at once, and marked above itself', () => {
  const levels = 20_000;
  const nested = (value: string): RecordDocument => ({
    fields: `${'{"a": '.repeat(levels)}${value}${'}'.repeat(levels)}`,
    metadata: '{}',
  });
  const edits = editsBetween(nested('1'), nested('2'));
  expect(edits).toEqual([{ part: 'fields', path: Array.from({ length: levels }, () => 'a'), text: '2' }]);
  const rows = fieldRows({ part: 'fields', base: nested('1'), now: nested('2'), edits, expanded: new Map() });
  expect(rows).toMatchObject([{ name: 'a', state: 'same', changedInside: true }]);
});
