import { describe, expect, test } from 'vitest';
import { decodeObject } from '../../../electron/engine/records/decode-record.ts';
import { encodeBody } from '../../../electron/engine/records/decode-body.ts';
import { findNode } from '../../../shared/json/find-node.ts';
import { readJson } from '../../../shared/json/read-json.ts';
import { idOfKey } from '../../../shared/record-key.ts';
import { comparable, goldenObjects } from './golden-objects.ts';

const golden = goldenObjects();

/** Records that the release itself cannot read back; Dipper shows what the body says. */
const LOST_BY_DATAKNOBS: Readonly<Record<string, unknown>> = {
  'v0.4.13-async/38-empty-record': [],
  'v0.4.13-sync/38-empty-record': [],
  'v0.11.0-async/45-sparse-vector': [['s', sparseVector()]],
  'v0.11.0-sync/45-sparse-vector': [['s', sparseVector()]],
  'v0.4.13-async/45-sparse-vector': [['s', sparseVector()]],
  'v0.4.13-sync/45-sparse-vector': [['s', sparseVector()]],
};

/** The release answered with the id in the body: `stream_write` stored the record under a UUID of its own. */
const OTHER_ID = new Set(['v0.4.13-sync/48-stream-write', 'v0.4.13-async/47-upsert-explicit-id']);

describe('objects of every release of dataknobs-data', () => {
  test('all of them are here', () => {
    const releases = new Map<string, number>();
    for (const { release } of golden) releases.set(release, (releases.get(release) ?? 0) + 1);
    expect(Object.fromEntries(releases)).toEqual({
      'v0.1.0-async': 45,
      'v0.1.0-sync': 45,
      'v0.4.13-async': 48,
      'v0.4.13-sync': 49,
      'v0.11.0-async': 48,
      'v0.11.0-sync': 49,
    });
  });

  test.each(golden.map((object) => [object.name, object] as const))('%s', (name, { key, bytes, read, release }) => {
    const decoded = decodeObject('dataknobs', bytes, { key, contentEncoding: null }, 1e6);
    expect(decoded.problem).toBeNull();
    const { record, body } = decoded;
    if (record === null || body === null) return;
    const fields = record.fields.map((member) => [member.name, comparable(member.value)]);
    const metadata = record.metadata.map((member) => [member.name, comparable(member.value)]);
    expect(record.form).toBe(release.startsWith('v0.1.0') ? 'dataknobs-1' : 'dataknobs-2');
    expect(Buffer.from(encodeBody(body.text, body.encoding)).equals(bytes)).toBe(true);

    const expected = readJson(read);
    const lost = expected.kind === 'null' || findNode(expected, ['error']) !== null;
    expect(lost, 'what dataknobs loses is listed above').toBe(name in LOST_BY_DATAKNOBS);
    if (lost) {
      expect(fields).toEqual(LOST_BY_DATAKNOBS[name]);
      return;
    }
    const readFields = findNode(expected, ['fields']);
    if (readFields?.kind !== 'object') throw new Error('no fields');
    expect(fields).toEqual(
      readFields.members.map((member) => {
        const value = findNode(member.value, ['value']);
        return [member.name, value === null ? undefined : comparable(value)];
      }),
    );
    const readMetadata = findNode(expected, ['metadata']);
    if (readMetadata?.kind !== 'object') throw new Error('no metadata');
    expect(metadata).toEqual(readMetadata.members.map((member) => [member.name, comparable(member.value)]));
    const id = findNode(expected, ['id']);
    if (!OTHER_ID.has(name))
      expect({ kind: 'string', value: idOfKey('records/', key) }).toMatchObject({ ...idOnly(id) });
  });
});

function idOnly(node: ReturnType<typeof findNode>): object {
  return node?.kind === 'string' ? { kind: 'string', value: node.value } : { kind: 'no id' };
}

function sparseVector(): unknown {
  return {
    members: [
      ['indices', [{ number: '1' }]],
      ['values', [{ number: '0.5' }]],
      ['dimensions', { number: '4' }],
    ],
  };
}
