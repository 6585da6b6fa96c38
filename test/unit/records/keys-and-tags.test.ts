import { describe, expect, test } from 'vitest';
import { decodeRecord } from '../../../electron/engine/records/decode-record.ts';
import { candidateKeys, keyOfId } from '../../../electron/engine/records/key-template.ts';
import { checkTags, mapTags } from '../../../electron/engine/records/tag-mapping.ts';
import { AppFailure } from '../../../shared/result.ts';
import { idOfKey } from '../../../shared/record-key.ts';

describe('key and id', () => {
  test.each<[key: string, id: string]>([
    ['records/a.json', 'a'],
    ['records//a.json', '/a'],
    ['records/a.json.json', 'a.json'],
    ['records/a.JSON', 'a.JSON'],
    ['records/.json', ''],
    ['records/deep/er/ä b+%?#.json', 'deep/er/ä b+%?#'],
    ['records/noext', 'noext'],
  ])('%s is %s', (key, id) => {
    expect(idOfKey('records/', key)).toBe(id);
  });

  test('an id is looked for as the key of a new record first, then as prefix + id', () => {
    const place = { bucket: 'b', prefix: 'p/', keyTemplate: '{id}' };
    expect(candidateKeys({ ...place, keyTemplate: '{id}.json' }, 'a.json')).toEqual(['p/a.json.json', 'p/a.json']);
    expect(candidateKeys(place, 'a')).toEqual(['p/a', 'p/a.json']);
    expect(keyOfId({ ...place, keyTemplate: 'v1/{id}.json' }, '$&')).toBe('p/v1/$&.json');
  });

  test.each(['x'.repeat(1018), 'ä'.repeat(510), '\ud800', ''])('an id that S3 has no key for is refused', (id) => {
    const place = { bucket: 'b', prefix: 'p/', keyTemplate: id === '' ? '{id}' : '{id}.json' };
    expect(() => keyOfId(place, id)).toThrow(AppFailure);
  });
});

describe('tags that mirror a record', () => {
  test('come in order, ten at most, with foreign ones kept and counted first', () => {
    const record = body(
      '{"source": "web", "n": 1.50, "id": "other", "updated_at": "u+00:00", "created_at": "c", "ok": true, "none": null, "list": [1], "long": "' +
        'x'.repeat(257) +
        '", "aws:x": "1", "e1": 1, "e2": 2}',
    );
    const present = [
      { key: 'team', value: 'red' },
      { key: 'source', value: 'old' },
      { key: 'gone', value: 'was mirrored' },
    ];
    expect(mapTags(present, { id: 'r1', record, before: body('{"gone": "was mirrored"}') })).toEqual({
      tags: [
        { key: 'team', value: 'red' },
        { key: 'id', value: 'r1' },
        { key: 'created_at', value: 'c' },
        { key: 'updated_at', value: 'u+00:00' },
        { key: 'source', value: 'web' },
        { key: 'n', value: '1.50' },
        { key: 'ok', value: 'true' },
        { key: 'none', value: '' },
        { key: 'e1', value: '1' },
        { key: 'e2', value: '2' },
      ],
      notes: ['Not mirrored as tags, because S3 does not allow them in tags: "list", "long", "aws:x".'],
    });
  });

  test('say what ten foreign tags leave no room for', () => {
    const present = Array.from({ length: 10 }, (_, index) => ({ key: `team${index}`, value: '' }));
    expect(mapTags(present, { id: 'r1', record: body('{"created_at": "c"}'), before: null })).toEqual({
      tags: present,
      notes: ['Not mirrored as tags, because S3 allows 10 tags an object: "id", "created_at".'],
    });
  });

  test.each([
    [[{ key: '', value: '' }]],
    [Array.from({ length: 11 }, (_, index) => ({ key: `k${index}`, value: '' }))],
    [
      [
        { key: 'a', value: '1' },
        { key: 'a', value: '2' },
      ],
    ],
    [[{ key: 'k', value: 'x'.repeat(257) }]],
  ])('given by a person are refused where S3 can hold no such set', (tags) => {
    expect(() => checkTags(tags)).toThrow(AppFailure);
  });
});

function body(metadata: string): ReturnType<typeof decodeRecord> {
  return decodeRecord('dataknobs', `{"fields": {}, "metadata": ${metadata}}`);
}
