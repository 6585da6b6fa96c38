import { expect, test } from 'vitest';
import {
  editedFields,
  editField,
  importProblems,
  NO_EDITS,
  settingsOf,
  toggleTag,
  type ImportEdits,
} from '../../../../renderer/transfer/import/import-edits.ts';
import type { ImportInspection, ImportType } from '../../../../shared/import.ts';

function inspectionOf(format: 'csv' | 'ndjson', fields: Readonly<Record<string, ImportType>>): ImportInspection {
  const found = Object.entries(fields).map(([source, type]) => ({ source, type, missing: 0, examples: [] }));
  return {
    fields: found,
    size: 100,
    exportedFrom: null,
    notes: [],
    settings: {
      reading: {
        format,
        compression: 'none',
        encoding: 'utf-8',
        csv: { delimiter: ',', quote: '"', header: true, quotedAreTexts: true, formulaGuard: false },
      },
      fields: format === 'csv' ? found.map(({ source, type }) => ({ source, path: [source], type })) : null,
      idField: null,
      metadataField: null,
      key: '{id}',
      tags: [],
      userMetadata: [],
      storageClass: null,
      encryption: null,
      onConflict: 'fail',
      stopAfter: null,
    },
  };
}

const PEOPLE = inspectionOf('csv', { no: 'string', name: 'string', 'address.city': 'string', age: 'integer' });

test('what nobody changed is imported as it was found, all of it where later rows may have more', () => {
  expect(settingsOf(PEOPLE, NO_EDITS)).toEqual(PEOPLE.settings);
  const lines = inspectionOf('ndjson', { id: 'auto', age: 'auto' });
  expect(settingsOf(lines, NO_EDITS).fields).toBeNull();
  expect(settingsOf(lines, editField(NO_EDITS, 'age', { type: 'string' })).fields).toEqual([
    { source: 'id', path: ['id'], type: 'auto' },
    { source: 'age', path: ['age'], type: 'string' },
  ]);
});

test('fields are left out, renamed and nested; a name with dots that is the source’s own is one name', () => {
  let edits = editField(NO_EDITS, 'no', { included: false });
  edits = editField(edits, 'name', { path: 'person.name' });
  edits = { ...edits, key: '{field:person.name}', metadata: 'batch = 7, by=ann ', stopAfter: '100' };
  edits = { ...edits, encryption: 'aws:kms', encryptionKey: ' alias/people ' };
  expect(importProblems(PEOPLE, edits)).toEqual({});
  expect(settingsOf(PEOPLE, edits)).toMatchObject({
    fields: [
      { source: 'name', path: ['person', 'name'], type: 'string' },
      { source: 'address.city', path: ['address.city'], type: 'string' },
      { source: 'age', path: ['age'], type: 'integer' },
    ],
    key: '{field:person.name}',
    userMetadata: [
      { key: 'batch', value: '7' },
      { key: 'by', value: 'ann' },
    ],
    encryption: { algorithm: 'aws:kms', keyId: 'alias/people' },
    stopAfter: 100,
  });
});

test('a tag is a field of the record itself: none of what is left out or below another', () => {
  let edits = toggleTag(toggleTag(toggleTag(NO_EDITS, 'no', true), 'name', true), 'age', true);
  edits = editField(editField(edits, 'no', { included: false }), 'name', { path: 'person.name' });
  edits = editField(edits, 'age', { path: 'years' });
  expect(settingsOf(PEOPLE, edits).tags).toEqual(['years']);
  expect(
    editedFields(PEOPLE, toggleTag(edits, 'age', false)).some(({ source, isTag }) => source === 'age' && isTag),
  ).toBe(false);
});

test.each<readonly [string, ImportEdits, object]>([
  ['two fields of one name', editField(NO_EDITS, 'no', { path: 'name' }), { fields: expect.stringContaining('Two') }],
  [
    'a field inside of a value',
    editField(NO_EDITS, 'no', { path: 'age.of' }),
    { fields: expect.stringContaining('would be a value and hold fields') },
  ],
  [
    'a field without a name',
    editField(NO_EDITS, 'no', { path: 'a..b' }),
    { fields: expect.stringContaining('no name') },
  ],
  ['no key', { ...NO_EDITS, key: ' ' }, { key: 'A key is missing.' }],
  ['metadata without a value', { ...NO_EDITS, metadata: 'batch' }, { metadata: expect.any(String) }],
  ['no number of rows', { ...NO_EDITS, stopAfter: '0' }, { stopAfter: expect.any(String) }],
  [
    'blanks in a key of KMS',
    { ...NO_EDITS, encryption: 'aws:kms', encryptionKey: 'a b' },
    { encryptionKey: expect.any(String) },
  ],
])('%s is said before anything is asked', (_, edits, problems) => {
  expect(importProblems(PEOPLE, edits)).toEqual(problems);
});

test('an import of nothing is none', () => {
  const none = PEOPLE.fields.reduce((edits, { source }) => editField(edits, source, { included: false }), NO_EDITS);
  expect(importProblems(PEOPLE, none)).toEqual({ fields: 'No field is imported. Choose one.' });
});
