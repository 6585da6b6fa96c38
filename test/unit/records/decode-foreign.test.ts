import { describe, expect, test } from 'vitest';
import { decodeObject } from '../../../electron/engine/records/decode-record.ts';
import { isListedKey } from '../../../electron/engine/records/key-template.ts';
import { foreignObjects } from './golden-objects.ts';

const objects = foreignObjects();

interface Expectation {
  readonly form?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly notes?: readonly string[];
  readonly problem?: string;
  readonly place?: readonly [line: number, column: number];
}

const NINES = '9'.repeat(5000);

/** Read as dataknobs reads them; where it crashes, loses the record or drops a part, as a sane reader would. */
const EXPECTED: Readonly<Record<string, Expectation>> = {
  flat: { form: 'plain', fields: { name: '"flat"', n: '1' } },
  flat_id: { form: 'plain', fields: { id: '"bodyid"', name: '"flat"' } },
  // dataknobs hides `_id`; what is in the body is shown.
  flat__id: { form: 'plain', fields: { _id: '"x1"', name: '"flat"' } },
  flat_meta: { form: 'plain', fields: { name: '"f"', metadata: '{"a":1}', tags: '["x"]' } },
  meta_field_only: { form: 'plain', fields: { metadata: '{"x":1}' } },
  emptyobj: { form: 'plain', fields: {} },
  bom: { form: 'plain', fields: { a: '1' } },
  utf16: { form: 'plain', fields: { a: '1' } },
  utf16le: { form: 'plain', fields: { a: '1' } },
  // Python refuses integers of more than 4,300 digits.
  hugeint: { form: 'plain', fields: { p: NINES } },
  // dataknobs 0.11 reads a record of 0.1 as two fields.
  v1: {
    form: 'dataknobs-1',
    fields: { name: '"v1"', n: '5' },
    metadata: { id: '"v1"', created_at: '"2024-01-01T00:00:00"', updated_at: '"2024-01-01T00:00:00"' },
  },
  v1async: {
    form: 'dataknobs-1',
    fields: { name: '"v1a"' },
    metadata: { id: '"v1async"', created_at: '"2024-01-01T00:00:00"', updated_at: '"2024-01-01T00:00:00"' },
  },
  bigfloat: { form: 'dataknobs-2', fields: { p: '1e999' }, metadata: {} },
  nan: { form: 'dataknobs-2', fields: { p: 'NaN', q: 'Infinity' }, metadata: {} },
  dupkeys: { form: 'dataknobs-2', fields: { p: '2' }, metadata: {} },
  fields_empty: { form: 'dataknobs-2', fields: {}, metadata: {} },
  fields_flat: { form: 'dataknobs-2', fields: { name: '"x"', n: '{"a":1}', l: '[1]' }, metadata: {} },
  fields_metanull: { form: 'dataknobs-2', fields: { p: '3' }, metadata: {} },
  fields_nulltype: { form: 'dataknobs-2', fields: { p: '3' }, metadata: {} },
  fields_value_extra: { form: 'dataknobs-2', fields: { p: '3' }, metadata: {} },
  id_int: { form: 'dataknobs-2', fields: { p: '1' }, metadata: {} },
  idmismatch: { form: 'dataknobs-2', fields: { p: '1' }, metadata: { id: '"third"' } },
  noid_fieldid: { form: 'dataknobs-2', fields: { id: '"ff"', p: '1' }, metadata: {} },
  noid_metaid: { form: 'dataknobs-2', fields: { p: '1' }, metadata: { id: '"mm"' } },
  fields_meta_str: {
    form: 'dataknobs-2',
    fields: { p: '1' },
    metadata: {},
    notes: ['"metadata" is a string, not an object; it is kept as it is and not shown as metadata.'],
  },
  fields_empty_vec: {
    form: 'dataknobs-2',
    fields: { v: '[0.1,0.2]' },
    metadata: {},
    notes: ['The vector "v" says 3 dimensions but has 2 numbers; dataknobs refuses to read it.'],
  },
  // no records
  array: { problem: 'The body is a list; a record is a JSON object.' },
  arrayobj: { problem: 'The body is a list; a record is a JSON object.' },
  string: { problem: 'The body is a string; a record is a JSON object.' },
  number: { problem: 'The body is a number; a record is a JSON object.' },
  null: { problem: 'The body is null; a record is a JSON object.' },
  true: { problem: 'The body is true or false; a record is a JSON object.' },
  deep: { problem: 'The body is a list; a record is a JSON object.' },
  emptyfile: { problem: 'The body is empty; a record is a JSON object.' },
  invalid: { problem: 'The body is no JSON: A name in double quotes is expected here.', place: [1, 2] },
  trailing: { problem: 'The body is no JSON: There is more text after the end of the JSON value.', place: [1, 9] },
  ndjson: { problem: 'The body is no JSON: There is more text after the end of the JSON value.', place: [2, 1] },
  latin1: { problem: 'The body is not text in UTF-8: it is binary, or in another encoding.' },
  fields_list: { problem: '"fields" is a list; dataknobs keeps an object there.' },
  fields_null: { problem: '"fields" is null; dataknobs keeps an object there.' },
  fields_str: { problem: '"fields" is a string; dataknobs keeps an object there.' },
  fields_badtype: { problem: 'The field "p" has the type "weird", which dataknobs does not know.' },
};

describe('objects that no dataknobs wrote', () => {
  test('each has an expectation', () => {
    const names = objects.map(({ name }) => name).filter((name) => !/^(key-|outside)/.test(name));
    expect(names.toSorted()).toEqual(Object.keys(EXPECTED).toSorted());
  });

  test.each(objects.filter(({ name }) => name in EXPECTED).map((object) => [object.name, object] as const))(
    '%s',
    (name, { key, bytes }) => {
      const { record, problem } = decodeObject('dataknobs', bytes, { key, contentEncoding: null }, 1e6);
      const texts = (members: NonNullable<typeof record>['fields']): Record<string, string> =>
        Object.fromEntries(
          members.map((member) => [member.name, record?.text.slice(member.value.start, member.value.end) ?? '']),
        );
      const seen: Expectation =
        record === null
          ? {
              problem: problem.message,
              ...(problem.line === null || problem.column === null ? {} : { place: [problem.line, problem.column] }),
            }
          : {
              form: record.form,
              fields: texts(record.fields),
              ...(record.hasMetadata ? { metadata: texts(record.metadata) } : {}),
              ...(record.notes.length === 0 ? {} : { notes: record.notes }),
            };
      expect(seen).toEqual(EXPECTED[name]);
    },
  );

  test('a dataknobs collection lists the keys that dataknobs lists, a plain one every key below its prefix', () => {
    const keys = objects.filter(({ name }) => /^(key-|outside)/.test(name)).map(({ key }) => key);
    expect(keys.filter((key) => isListedKey('dataknobs', 'records/', key))).toEqual([
      'records/sub/dir/x.json',
      'records/.json',
      'records/_index.json',
      'records/.hidden.json',
    ]);
    expect(keys.filter((key) => !isListedKey('plain', 'records/', key))).toEqual([
      'records2/other.json',
      'records.json',
    ]);
  });
});
