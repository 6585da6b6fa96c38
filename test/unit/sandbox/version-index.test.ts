import { expect, it } from 'vitest';
import type { DeleteMarker, ObjectEntry } from '../../../electron/sandbox/storage/storage.ts';
import { compareUtf8 } from '../../../shared/utf8-order.ts';
import {
  isMarker,
  NULL_VERSION,
  versionId,
  VersionIndex,
  versionIdOf,
} from '../../../electron/sandbox/storage/version-index.ts';
import { seededRandom } from '../s3/seeded-random.ts';

type Version = ObjectEntry | DeleteMarker;

function object(key: string, id: string, order: number): ObjectEntry {
  const entry = { key, size: order, etag: '0'.repeat(32), modified: 0, storageClass: 'STANDARD' };
  return order === 0 ? entry : { ...entry, version: { id, order } };
}

it('keeps the versions of each key in the order they were written, whatever order they are told in', () => {
  const random = seededRandom(4);
  const index = new VersionIndex<ObjectEntry, DeleteMarker>();
  const expected = new Map<string, Version[]>();
  const keys = Array.from({ length: 40 }, (_, at) => `key-${at}`);
  for (let order = 0; order < 6_000; order += 1) {
    const key = keys[Math.floor(random() * keys.length)] ?? '';
    const versions = expected.get(key) ?? [];
    const chosen = versions[Math.floor(random() * versions.length)];
    if (random() < 0.45 && chosen !== undefined) {
      expect(index.remove(key, versionId(chosen))).toEqual(chosen);
      expected.set(
        key,
        versions.filter((version) => version !== chosen),
      );
      continue;
    }
    // One in three has the id `null`, and there is one of these at most; some come late.
    const place = random() < 0.2 ? Math.floor(random() * order) : order;
    const id = random() < 0.33 ? NULL_VERSION : versionIdOf(place);
    const version: Version =
      random() < 0.25 && place > 0
        ? { marker: true, key, modified: 0, version: { id, order: place } }
        : object(key, id, place);
    const replaced = versions.find((other) => versionId(other) === versionId(version)) ?? null;
    expect(index.add(version)).toEqual(replaced);
    const kept = versions.filter((other) => other !== replaced);
    const orderOf = ({ version: known }: Version): number => known?.order ?? 0;
    // Among equals the newer one goes first, as where it takes the other's place in the log.
    const at = kept.findLastIndex((other) => orderOf(other) < orderOf(version)) + 1;
    expected.set(key, kept.toSpliced(at, 0, version));
  }
  const found = [...index.from(() => false)];
  const sorted = [...expected]
    .filter(([, versions]) => versions.length > 0)
    .toSorted(([left], [right]) => compareUtf8(left, right));
  expect(found).toEqual(sorted.map(([, versions]) => versions.toReversed()));
  const current = sorted.flatMap(([, versions]) => versions.slice(-1).filter((version) => !isMarker(version)));
  expect([...index.current.from(() => false)]).toEqual(current);
  for (const [key, versions] of expected) {
    expect(index.find(key, null)).toEqual(versions.at(-1) ?? null);
    for (const version of versions) expect(index.find(key, versionId(version))).toEqual(version);
  }
});
