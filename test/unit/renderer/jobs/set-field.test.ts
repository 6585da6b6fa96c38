import { expect, test } from 'vitest';
import { exampleOf, pathOf } from '../../../../renderer/jobs/set-field.ts';
import type { FieldSummary } from '../../../../shared/page.ts';

const field = (...path: readonly string[]): FieldSummary => ({
  path,
  field: path.join('.'),
  kinds: {},
  kind: 'string',
  missing: 0,
});

test('a name leads to the field of that name, else below one that is there, else it is a new field', () => {
  const fields = [field('title'), field('crew', 'lead'), field('a.b')];
  expect(['title', 'crew.lead', 'crew.second', 'a.b', 'new.name', 'crew.'].map((name) => pathOf(name, fields))).toEqual(
    [['title'], ['crew', 'lead'], ['crew', 'second'], ['a.b'], ['new.name'], ['crew.']],
  );
});

test('the example shows the value before and after, digits as they are, and what the value would have to be in', () => {
  const record = {
    fields: [
      { name: 'rating', text: '8.50' },
      { name: 'crew', text: '{"lead": null}' },
    ],
    metadata: [],
  };
  const example = (path: readonly string[], text: string | null) => exampleOf(record, { part: 'fields', path, text });
  expect(example(['rating'], '9')).toEqual({ before: '8.50', after: '9', missingParent: null });
  expect(example(['crew', 'lead'], null)).toEqual({ before: 'null', after: null, missingParent: null });
  expect(example(['new'], '1')).toEqual({ before: null, after: '1', missingParent: null });
  expect(example(['cast', 'lead'], '1')).toEqual({ before: null, after: '1', missingParent: 'cast' });
});
