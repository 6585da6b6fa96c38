import { expect, test } from 'vitest';
import {
  changeCount,
  changeOf,
  type Editing,
  editJsonText,
  editsOf,
  editTags,
  editValue,
  jsonText,
  obstacle,
  openEditing,
  reapply,
  undoValue,
} from '../../../../renderer/record/editing.ts';
import type { NamedText, RecordDetail } from '../../../../shared/record.ts';

const FACTS: RecordDetail['facts'] = {
  key: 'movies/movie-0591.json',
  etag: '"9b1c"',
  size: 449,
  lastModified: null,
  storageClass: 'STANDARD',
  versionId: null,
  contentType: 'application/json',
  contentEncoding: null,
  contentLanguage: null,
  contentDisposition: null,
  cacheControl: null,
  expires: null,
  userMetadata: [],
  encryption: null,
  websiteRedirect: null,
};

function detail(fields: Readonly<Record<string, string>>, more: Partial<RecordDetail> = {}): RecordDetail {
  const named: NamedText[] = Object.entries(fields).map(([name, text]) => ({ name, text }));
  return {
    id: 'movie-0591',
    form: 'plain',
    fields: named,
    metadata: [],
    body: `{${named.map(({ name, text }) => `"${name}":${text}`).join(',')}}`,
    firstBytes: null,
    facts: FACTS,
    tags: [{ key: 'reviewed', value: 'no' }],
    tagsProblem: null,
    problem: null,
    notes: [],
    ...more,
  };
}

const MOVIE = {
  title: '"Les Mis\\u00e9rables"',
  votes: '9007199254740993',
  rating: '8.0',
  cast: '["Chaplin", "Goddard"]',
  crew: '{"director": "Chaplin", "camera": null}',
};

test('changing single values sends those values and nothing else, with the digits that were typed', () => {
  let editing = openEditing(detail(MOVIE));
  editing = editValue(editing, 'fields', ['votes'], '9007199254740995');
  editing = editValue(editing, 'fields', ['crew', 'camera'], '"Totheroh"');
  editing = editValue(editing, 'fields', ['cast', 2], '"Bergman"');
  editing = editValue(editing, 'fields', ['rating'], null);
  editing = editValue(editing, 'fields', ['restored'], 'true');
  editing = editTags(editing, [{ key: 'reviewed', value: 'yes' }]);
  expect(changeOf(editing)).toEqual({
    edits: [
      { part: 'fields', path: ['restored'], text: 'true' },
      { part: 'fields', path: ['rating'], text: null },
      { part: 'fields', path: ['votes'], text: '9007199254740995' },
      { part: 'fields', path: ['cast'], text: '["Chaplin", "Goddard", "Bergman"]' },
      { part: 'fields', path: ['crew', 'camera'], text: '"Totheroh"' },
    ],
    tags: [{ key: 'reviewed', value: 'yes' }],
  });
  expect(changeCount(editing)).toBe(6);
});

test('typing a value back, or undoing it, leaves nothing to save', () => {
  const opened = openEditing(detail(MOVIE));
  let editing = editValue(opened, 'fields', ['title'], '"Les Mis"');
  editing = editValue(editing, 'fields', ['title'], '"Les Misérables"');
  editing = undoValue(editValue(editing, 'fields', ['rating'], null), 'fields', ['rating']);
  editing = undoValue(editValue(editing, 'fields', ['new'], '1'), 'fields', ['new']);
  editing = editTags(editing, [{ key: 'reviewed', value: 'no' }]);
  expect(changeOf(editing)).toBeNull();
});

test('text typed in the JSON tab becomes the smallest set of edits, and is kept while it is unfinished', () => {
  const opened = openEditing(detail(MOVIE));
  const text = jsonText(opened);
  expect(text).toContain('"title": "Les Mis\\u00e9rables"');
  const unfinished = editJsonText(opened, text.replace('8.0', '8.'));
  expect(jsonText(unfinished)).toContain('"rating": 8.,');
  expect(obstacle(unfinished)).toMatch(/^Line 4, column \d+: /);
  const finished = editJsonText(unfinished, text.replace('8.0', '8.5').replace('\\u00e9', 'é'));
  expect([obstacle(finished), editsOf(finished)]).toEqual([null, [{ part: 'fields', path: ['rating'], text: '8.5' }]]);
  expect(obstacle(editJsonText(opened, text.replace('"votes"', '"title"')))).toBe(
    'The name “title” stands there twice.',
  );
});

test('a dataknobs record is edited with its metadata, and nothing beside the two is taken', () => {
  const opened = openEditing(
    detail({ name: '"a"' }, { form: 'dataknobs-2', metadata: [{ name: 'source', text: '"x"' }] }),
  );
  expect(JSON.parse(jsonText(opened))).toEqual({ fields: { name: 'a' }, metadata: { source: 'x' } });
  const edited = editJsonText(opened, jsonText(opened).replace('"x"', '"y"'));
  expect(editsOf(edited)).toEqual([{ part: 'metadata', path: ['source'], text: '"y"' }]);
  expect(obstacle(editJsonText(opened, '{"fields": {}, "other": 1}'))).toContain('“other”');
});

test('an object that is no record is mended as a whole body', () => {
  const broken = detail(
    {},
    { fields: [], body: '{"a": 1,}', problem: { message: 'A member is missing.', line: 1, column: 9 } },
  );
  const editing = editJsonText(openEditing(broken), '{"a": 1}');
  expect([changeOf(editing), obstacle(editing)]).toEqual([{ body: '{"a": 1}' }, null]);
});

function noRecord(body: string): Editing {
  return openEditing(detail({}, { fields: [], body, problem: { message: 'It is none.', line: null, column: null } }));
}

test('what is broken may be saved as broken as it was; JSON that is no record stays JSON', () => {
  const broken = editJsonText(noRecord('{"a": 1,'), '{"a": 1, ');
  const list = noRecord('[1]');
  expect([
    [changeOf(broken), obstacle(broken)],
    [changeOf(editJsonText(list, '[1, 2]')), obstacle(editJsonText(list, '[1, 2]'))],
    obstacle(editJsonText(list, '[1, ')),
  ]).toEqual([[{ body: '{"a": 1, ' }, null], [{ body: '[1, 2]' }, null], expect.stringMatching(/^Line 1, column 5: /)]);
});

test('edits that meet a newer record go on top of it, and those whose place is gone are named', () => {
  let editing = openEditing(detail(MOVIE));
  editing = editValue(editing, 'fields', ['rating'], '8.5');
  editing = editValue(editing, 'fields', ['crew', 'camera'], '"Totheroh"');
  editing = editTags(editing, [{ key: 'reviewed', value: 'yes' }]);
  const change = changeOf(editing);
  if (change === null) throw new Error('There must be a change.');
  const newer = detail({ ...MOVIE, crew: '"Chaplin"', votes: '1' }, { facts: { ...FACTS, etag: '"new"' } });
  const { editing: rebased, lost } = reapply(newer, change);
  expect(lost).toEqual([{ part: 'fields', path: ['crew', 'camera'], text: '"Totheroh"' }]);
  expect([rebased.detail.facts.etag, changeOf(rebased)]).toEqual([
    '"new"',
    {
      edits: [{ part: 'fields', path: ['rating'], text: '8.5' }],
      tags: [{ key: 'reviewed', value: 'yes' }],
    },
  ]);
});
