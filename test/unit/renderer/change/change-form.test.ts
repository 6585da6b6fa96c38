import { expect, test } from 'vitest';
import { FIRST_FORM, newFieldChange, taskOf, type ChangeForm } from '../../../../renderer/change/change-form.ts';
import { pathOf } from '../../../../renderer/change/field-path.ts';
import type { FieldSummary } from '../../../../shared/page.ts';

const field = (...path: readonly string[]): FieldSummary => ({
  path,
  field: path.join('.'),
  kinds: {},
  kind: 'string',
  missing: 0,
});

const asked = (change: Partial<ChangeForm>) => taskOf({ ...FIRST_FORM, ...change }, [field('crew', 'lead')]);

test('a name leads to the field of that name, else below one that is there, else it is a new field', () => {
  const fields = [field('title'), field('crew', 'lead'), field('a.b')];
  expect(['title', 'crew.lead', 'crew.second', 'a.b', 'new.name', 'crew.'].map((name) => pathOf(name, fields))).toEqual(
    [['title'], ['crew', 'lead'], ['crew', 'second'], ['a.b'], ['new.name'], ['crew.']],
  );
});

test('lines become edits in their order; the first one that is not whole says what is missing', () => {
  const line = newFieldChange(0);
  const value = { kind: 'number', text: '8.50', problem: null } as const;
  const changes = [
    { ...line, name: 'rating', value },
    { ...line, action: 'remove', part: 'metadata', name: 'a.b' },
    { ...line, action: 'rename', name: 'crew.lead', rename: 'director' },
    { ...line, action: 'convert', name: 'year', convert: 'integer' },
  ] as const;
  expect(asked({ fields: changes })).toEqual({
    task: {
      kind: 'update',
      edits: [
        { part: 'fields', path: ['rating'], text: '8.50' },
        { part: 'metadata', path: ['a.b'], text: null },
        { part: 'fields', path: ['crew', 'lead'], rename: 'director' },
        { part: 'fields', path: ['year'], convert: 'integer' },
      ],
    },
  });
  const problem = 'A number is missing.';
  const incomplete = [
    [line],
    [{ ...line, name: 'year', action: 'rename' as const }],
    [changes[1], { ...line, name: 'year', value: { ...value, text: null, problem } }],
  ];
  expect(incomplete.map((fields) => asked({ fields }))).toEqual([
    { missing: 'Choose a field first' },
    { missing: 'Say what year is to be called' },
    { missing: problem },
  ]);
});

test('a patch is JSON of its kind, a content type has two parts', () => {
  expect(asked({ what: 'patch', patch: '{"a": null}' })).toEqual({
    task: { kind: 'update', edits: [], patch: { merge: '{"a": null}' } },
  });
  const refused = [
    asked({ what: 'patch', patch: ' ' }),
    asked({ what: 'patch', patch: '[]' }),
    asked({ what: 'patch', patchForm: 'operations', patch: '{}' }),
    asked({ what: 'patch', patch: '{"a": }' }),
    asked({ what: 'content-type', contentType: 'json' }),
  ];
  expect(refused).toEqual([
    { missing: 'Write the patch first' },
    { missing: 'A merge patch is a JSON object' },
    { missing: 'A JSON Patch is a list of operations' },
    { missing: expect.stringMatching(/^Line 1, column 7: /) },
    { missing: 'A content type is written like application/json' },
  ]);
  expect(asked({ what: 'content-type', contentType: ' text/csv; charset=utf-8 ' })).toEqual({
    task: { kind: 'update', edits: [], contentType: 'text/csv; charset=utf-8' },
  });
});

test('tags are added, removed by their keys or replaced, within what S3 allows', () => {
  const tags = [{ key: 'reviewed', value: 'yes' }];
  expect([
    asked({ what: 'tags', tags }),
    asked({ what: 'tags', tagForm: 'replace', tags: [] }),
    asked({ what: 'tags', tagForm: 'remove', removedTags: 'a, b,, a' }),
    asked({ what: 'tags', tags: [] }),
    asked({ what: 'tags' }),
    asked({ what: 'tags', tagForm: 'remove', removedTags: ' , ' }),
  ]).toEqual([
    { task: { kind: 'tag', change: { add: tags, remove: [] } } },
    { task: { kind: 'tag', change: { replace: [] } } },
    { task: { kind: 'tag', change: { add: [], remove: ['a', 'b'] } } },
    { missing: 'Add a tag first' },
    { missing: 'A tag needs a key.' },
    { missing: 'Name the tags that go' },
  ]);
});
