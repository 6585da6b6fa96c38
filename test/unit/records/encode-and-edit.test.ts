import { describe, expect, test } from 'vitest';
import { decodeRecord } from '../../../electron/engine/records/decode-record.ts';
import { editRecord, replaceBody } from '../../../electron/engine/records/edit-record.ts';
import { encodeNew } from '../../../electron/engine/records/encode-new.ts';
import { findNode } from '../../../shared/json/find-node.ts';
import type { JsonNode } from '../../../shared/json/node.ts';
import type { RecordEdit } from '../../../shared/record.ts';
import { AppFailure } from '../../../shared/result.ts';
import { goldenObjects } from './golden-objects.ts';

const now = new Date('2026-11-25T10:20:30.450Z');
const NOW = '2026-11-25T10:20:30.450000+00:00';

const written = goldenObjects()
  .filter(({ release }) => release === 'v0.11.0-sync')
  .map(({ name, bytes }) => ({ name, text: bytes.toString('utf8') }));

describe('a new record in a dataknobs collection', () => {
  // Types and metadata that no value shows are kept from dataknobs' own form; everything else comes from a flat object.
  test.each(written.map(({ name, text }) => [name, text] as const))(
    'is byte for byte what dataknobs writes: %s',
    (_, text) => {
      const record = decodeRecord('dataknobs', text);
      const id = findNode(record.root, ['id']);
      const created = findNode(record.root, ['metadata', 'created_at']);
      const updated = findNode(record.root, ['metadata', 'updated_at']);
      if (id?.kind !== 'string' || created === null || updated?.kind !== 'string') throw new Error('no id or times');
      const expected = text.slice(0, updated.start) + `"${NOW}"` + text.slice(updated.end);
      const facts = { id: id.value, now, createdAt: text.slice(created.start, created.end) };
      expect(encodeNew('dataknobs', text, facts).text).toBe(expected);

      const flat = `{${record.fields.map(({ name, value }) => `${JSON.stringify(name)}:${text.slice(value.start, value.end)}`).join(',\n')}}`;
      const { text: made } = encodeNew('dataknobs', flat, facts);
      const isPlain = !/"type": "(datetime|binary|vector|sparse_vector)"|"metadata": \{"(?!id)|othername|mismatch/.test(
        text,
      );
      if (isPlain) expect(made).toBe(expected);
      else
        expect(decodeRecord('dataknobs', made).fields.map(({ name }) => name)).toEqual(
          record.fields.map(({ name }) => name),
        );
    },
  );

  test('takes its id in the order of dataknobs', () => {
    const own = '{"fields": {"id": {"value": "f"}, "record_id": {"value": "r"}}, "metadata": {"id": "m"}}';
    expect([
      idOf(own, 'asked'),
      idOf(own),
      idOf('{"record_id": "r", "id": 42}'),
      idOf('{"id": true}'),
      idOf('{"id": null, "record_id": "r"}'),
    ]).toEqual(['asked', 'm', '42', 'True', 'r']);
    expect(idOf('{"id": ""}')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(() => idOf('{"id": [1]}')).toThrow(AppFailure);
  });

  test('says a time without fraction as Python does, and a plain collection takes the body verbatim', () => {
    const whole = new Date('2026-11-25T10:20:30.000Z');
    expect(encodeNew('dataknobs', '{"n":1.50}', { id: 'a', now: whole, createdAt: null }).text).toBe(
      '{"fields": {"n": {"name": "n", "value": 1.50, "type": "float", "metadata": {}}}, "id": "a", "metadata": {"id": "a", "created_at": "2026-11-25T10:20:30+00:00", "updated_at": "2026-11-25T10:20:30+00:00"}}',
    );
    const plain = ' {"id" : "x",\n "n": 1.50}\n';
    expect(encodeNew('plain', plain, { id: null, now, createdAt: null })).toEqual({ id: 'x', text: plain });
  });

  test.each(['[1]', '"x"', 'null', '{"a":1,}', '', '{"a":1} {}', '{"a":"\n"}'])(
    'refuses %j, which is no object, in either form and with an id or without',
    (record) => {
      for (const codec of ['dataknobs', 'plain'] as const) {
        for (const id of ['a', null]) {
          expect(() => encodeNew(codec, record, { id, now, createdAt: null })).toThrow(AppFailure);
        }
      }
    },
  );

  test.each([
    ['nothing', '{}'],
    ['no number', '{"n":NaN}'],
    ['a mark in front', '\uFEFF{"a":1}'],
    ['a name twice', '{"a":1,"a":2}'],
    ['a hundred thousand lists', `{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`],
  ])('takes what Python takes in a plain collection, with an id or without: %s', (_, record) => {
    const minted = { mint: () => 'minted', now, createdAt: null };
    expect(['a', '', null].map((id) => encodeNew('plain', record, { ...minted, id }))).toEqual(
      ['a', 'minted', 'minted'].map((id) => ({ id, text: record })),
    );
  });
});

describe('an edit of a record', () => {
  test.each(
    goldenObjects()
      .filter(({ bytes }) => decodeRecord('dataknobs', bytes.toString('utf8')).fields.length > 0)
      .map((object) => [object.name, object] as const),
  )('changes the value, updated_at and no other byte: %s', (_, { bytes, release }) => {
    const text = bytes.toString('utf8');
    const record = decodeRecord('dataknobs', text);
    const time = /^v0\.(1\.0|4\.13)/.test(release) ? NOW.replace('+00:00', '') : NOW;
    for (const { name, value } of record.fields) {
      const made = sameKind(value, text);
      const updated = record.metadata.find((entry) => entry.name === 'updated_at')?.value;
      if (updated === undefined) throw new Error('no updated_at');
      const expected = [
        { start: value.start, end: value.end, text: made },
        { start: updated.start, end: updated.end, text: `"${time}"` },
      ]
        .toSorted((left, right) => right.start - left.start)
        .reduce((patched, splice) => patched.slice(0, splice.start) + splice.text + patched.slice(splice.end), text);
      const isSame = made === text.slice(value.start, value.end);
      expect(editRecord(record, [edit('fields', [name], made)], now)).toBe(isSame ? text : expected);
    }
  });

  const VERSION_2 =
    '{"fields": {"n": {"name": "n", "value": 1, "type": "integer", "metadata": {"unit": "kg"}}, "raw": 1, "v": {"name": "v", "value": [0.5, 1], "type": "vector", "metadata": {"dimensions": 2, "model": null}, "dimensions": 2}}, "id": "a", "metadata": {"id": "a", "updated_at": "2026-01-01T00:00:00+00:00"}}';

  test.each<[what: string, edit: RecordEdit, change: readonly [string, string]]>([
    [
      'another kind, another type',
      edit('fields', ['n'], '"x"'),
      ['"value": 1, "type": "integer"', '"value": "x", "type": "string"'],
    ],
    ['a fraction', edit('fields', ['n'], '1.5'), ['"value": 1, "type": "integer"', '"value": 1.5, "type": "float"']],
    [
      'null keeps the type',
      edit('fields', ['n'], 'null'),
      ['"value": 1, "type": "integer"', '"value": null, "type": "integer"'],
    ],
    ['inside a value', edit('fields', ['v', 1], '0.25'), ['[0.5, 1]', '[0.5, 0.25]']],
    ['a raw value', edit('fields', ['raw'], '{"a":1}'), ['"raw": 1', '"raw": {"a": 1}']],
    [
      'a raw value that looks like a field object',
      edit('fields', ['raw'], '{"value":1}'),
      ['"raw": 1', '"raw": {"name": "raw", "value": {"value": 1}, "type": "json", "metadata": {}}'],
    ],
    [
      'a new field',
      edit('fields', ['ë'], '[1,"ü"]'),
      [
        '"dimensions": 2}}, "id"',
        '"dimensions": 2}, "\\u00eb": {"name": "\\u00eb", "value": [1, "\\u00fc"], "type": "json", "metadata": {}}}, "id"',
      ],
    ],
    ['a field removed', edit('fields', ['raw'], null), ['"raw": 1, ', '']],
    ['a metadata entry', edit('metadata', ['source'], '"x"'), ['+00:00"}}', '+00:00", "source": "x"}}']],
  ])('%s', (_, change, [before, after]) => {
    const edited = editRecord(decodeRecord('dataknobs', VERSION_2), [change], now);
    expect(edited).toBe(VERSION_2.replace(before, () => after).replace('2026-01-01T00:00:00+00:00', NOW));
  });

  test('keeps the dimensions of a vector true, which dataknobs checks', () => {
    const edited = editRecord(decodeRecord('dataknobs', VERSION_2), [edit('fields', ['v', 2], '3')], now);
    expect(edited).toContain(
      '"v": {"name": "v", "value": [0.5, 1, 3], "type": "vector", "metadata": {"dimensions": 3, "model": null}, "dimensions": 3}',
    );
  });

  test.each<[text: string, edits: readonly RecordEdit[], result: string]>([
    ['{"a" : 1 , "b":[1,2]}\n', [edit('fields', ['b', 1], '"ë"')], '{"a" : 1 , "b":[1,"ë"]}\n'],
    ['{"fields":{"p":1}}', [edit('fields', ['p'], '2')], `{"fields":{"p":2},"metadata":{"updated_at":"${NOW}"}}`],
    [
      '{"fields":{"p":1},"metadata":null}',
      [edit('metadata', ['x'], '2')],
      `{"fields":{"p":1},"metadata":{"x":2,"updated_at":"${NOW}"}}`,
    ],
    ['{"fields":{"p":1},"metadata":"x"}', [edit('fields', ['p'], '2')], '{"fields":{"p":2},"metadata":"x"}'],
    [
      '{"data": {"p": 1}, "metadata": {"id": "a"}, "created_at": "2024-01-01T00:00:00", "updated_at": "2024-01-01T00:00:00"}',
      [edit('fields', ['q'], '2'), edit('metadata', ['created_at'], '"2023-01-01T00:00:00"')],
      '{"data": {"p": 1, "q": 2}, "metadata": {"id": "a"}, "created_at": "2023-01-01T00:00:00", "updated_at": "2026-11-25T10:20:30.450000"}',
    ],
  ])('in its own form: %s', (text, edits, result) => {
    expect(editRecord(decodeRecord('dataknobs', text), edits, now)).toBe(result);
  });

  test.each<[text: string, change: RecordEdit, message: string]>([
    ['{"a":1}', edit('metadata', ['x'], '1'), 'A plain record has no metadata. Make it a field.'],
    [
      '{"a":1}',
      edit('fields', ['a', 'b'], '1'),
      'The record cannot be changed there: "a" is no object; there is no member "b".',
    ],
    ['{"fields":{}}', edit('fields', ['a', 'b'], '1'), 'The record cannot be changed there: There is no field "a".'],
    [
      '{"fields":{}}',
      edit('fields', ['a'], '{x'),
      'The new value of "a" is no JSON: A name in double quotes is expected here. Correct line 1, column 2.',
    ],
  ])('is refused where it cannot be made: %s', (text, change, message) => {
    expect(() => editRecord(decodeRecord('dataknobs', text), [change], now)).toThrow(message);
  });

  test.each<[text: string, edits: readonly RecordEdit[]]>([
    [VERSION_2, [edit('fields', ['n'], ' 1 '), edit('fields', ['v'], '[0.5,1]'), edit('fields', ['none'], null)]],
    ['{"fields":{"p":"\\u00eb"},"metadata":{"s":"x"}}', [edit('fields', ['p'], '"ë"'), edit('metadata', ['s'], '"x"')]],
    ['{"a" : {"b":1}}', [edit('fields', ['a'], '{ "b": 1 }')]],
  ])('leaves a record alone that has the values already: %s', (text, edits) => {
    expect(editRecord(decodeRecord('dataknobs', text), edits, now)).toBe(text);
    // Other digits are another value.
    expect(editRecord(decodeRecord('plain', '{"n":1}'), [edit('fields', ['n'], '1.0')], now)).toBe('{"n":1.0}');
  });

  test('a whole new body is taken verbatim, with updated_at set where the person left it', () => {
    const before = decodeRecord('dataknobs', VERSION_2);
    const changed = VERSION_2.replace('"value": 1,', '"value":  7,');
    expect(replaceBody(before, decodeRecord('dataknobs', changed), now)).toBe(
      changed.replace('2026-01-01T00:00:00+00:00', NOW),
    );
    const timed = changed.replace('2026-01-01', '2026-01-02');
    expect(replaceBody(before, decodeRecord('dataknobs', timed), now)).toBe(timed);
  });
});

function idOf(record: string, id: string | null = null): string {
  return encodeNew('dataknobs', record, { id, now, createdAt: null }).id;
}

/** Another value of the same kind, so that no type changes with it. */
function sameKind(value: JsonNode, text: string): string {
  if (value.kind === 'string') return '"\\u00ebdited"';
  if (value.kind === 'number') return /^-?\d+$/.test(value.text) ? '12345' : '0.125';
  if (value.kind === 'boolean') return String(!value.value);
  return text.slice(value.start, value.end);
}

function edit(part: RecordEdit['part'], path: RecordEdit['path'], text: string | null): RecordEdit {
  return { part, path, text };
}
