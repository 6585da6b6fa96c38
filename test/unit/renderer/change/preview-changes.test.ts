import { expect, test } from 'vitest';
import { bodyChanges, previewChanges } from '../../../../renderer/change/preview-changes.ts';
import { sameEnds } from '../../../../renderer/ui/ChangedValues.tsx';

function body(value: string, updatedAt: string): string {
  return `{"fields": {"title": {"value": ${value}}}, "metadata": {"updated_at": "${updatedAt}", "by": "me"}}`;
}

test('what becomes different is named as the record is read, digits as they are', () => {
  const before = '{"rating": 8.50, "crew": {"lead": null}, "old": 1}';
  const after = '{"rating": 9.0, "crew": {"lead": "x"}, "new": [1]}';
  expect(bodyChanges(before, after, 'plain')?.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
    { name: 'crew.lead', before: 'null', after: '"x"' },
    { name: 'new', before: null, after: '[1]' },
    { name: 'old', before: '1', after: null },
    { name: 'rating', before: '8.50', after: '9.0' },
  ]);
  expect(bodyChanges(body('{"en": "A"}', '1'), body('{"en": "B"}', '2'), 'dataknobs')).toEqual([
    { name: 'title.en', before: '"A"', after: '"B"' },
  ]);
});

test('tags, content type and storage class are beside the body; what is no JSON cannot be compared', () => {
  const object = { body: '{}', contentType: null, storageClass: 'STANDARD', tags: null };
  const changed = {
    ...object,
    contentType: 'application/json',
    storageClass: 'GLACIER_IR',
    tags: [{ key: 'a', value: '1' }],
  };
  expect(previewChanges({ before: object, after: changed }, 'plain')).toEqual([
    { name: 'a', before: null, after: '1' },
    { name: 'content type', before: null, after: 'application/json' },
    { name: 'storage class', before: 'Standard', after: 'Glacier IR' },
  ]);
  expect(bodyChanges('not json', '{}', 'plain')).toBeNull();
  expect(bodyChanges('{}', `"${'x'.repeat(100_000)}"`, 'plain')).toBeNull();
});

test('the characters that differ are marked, whole ones, and all of them where little is the same', () => {
  expect(
    [
      ['"2036-02-05"', '"1936-02-05"'],
      ['false', 'true'],
      ['"a😀b"', '"a😁b"'],
      ['12', '123'],
    ].map(([one = '', other = '']) => sameEnds(one, other)),
  ).toEqual([
    { start: 1, end: 9 },
    { start: 0, end: 0 },
    { start: 2, end: 2 },
    { start: 2, end: 0 },
  ]);
});
