import { expect, test } from 'vitest';
import { EXPORT_DEFAULTS } from '../../../shared/export.ts';
import { RowFields } from '../../../electron/engine/transfer/export/row-fields.ts';
import { shapeOf } from '../../../electron/engine/transfer/export/row-shape.ts';

const NAMES = ['a', 'b"', 'c'];

function fieldsOf(codec: 'plain' | 'dataknobs'): RowFields {
  return new RowFields(shapeOf({ codec, prefix: '' }, { ...EXPORT_DEFAULTS, format: 'csv' }, [], []), NAMES);
}

function found(fields: RowFields, text: string): readonly (string | null)[] {
  fields.read({ key: 'k', text });
  return NAMES.map((_, place) => {
    const kind = fields.kindAt(place);
    if (kind === null) return null;
    return `${kind} ${kind === 'string' ? fields.stringAt(place) : fields.textAt(place)}`;
  });
}

test('fields are found in any order, by names with escapes, and of a name that is there twice the last counts', () => {
  const fields = fieldsOf('plain');
  expect(found(fields, String.raw`{"a":1.0,"b\"":"x\ny","c":[1, 2]}`)).toEqual([
    'number 1.0',
    'string x\ny',
    'array [1, 2]',
  ]);
  expect(found(fields, String.raw`{"c":NaN,"b\u0022":false,"other":{"a":1}}`)).toEqual([
    null,
    'boolean false',
    'number NaN',
  ]);
  expect(found(fields, String.raw`{"\u0061":1,"c":null,"a":{"a":12345678901234567890}}`)).toEqual([
    'object {"a":12345678901234567890}',
    null,
    'null null',
  ]);
  expect(found(fields, '{}')).toEqual([null, null, null]);
});

test('what is no record of the codec is refused, and leaves nothing behind', () => {
  const fields = fieldsOf('plain');
  expect(() => fields.read({ key: 'k', text: '{"a":1' })).toThrow('is missing after the value of "a"');
  expect(() => fields.read({ key: 'k', text: '[1]' })).toThrow('a record is a JSON object');
  expect(found(fields, '{"c":1}')).toEqual([null, null, 'number 1']);
});

test('records of dataknobs are read by their form, with their metadata', () => {
  const fields = fieldsOf('dataknobs');
  const text = '{"fields": {"c": {"name": "c", "value": 1.50, "type": "float", "metadata": {}}}, "metadata": {"x": 1}}';
  expect(found(fields, text)).toEqual([null, null, 'number 1.50']);
  expect(fields.metadata).toBe('{"x":1}');
  expect(found(fields, '{"a":"flat"}')).toEqual(['string flat', null, null]);
  expect(fields.metadata).toBeNull();
});
