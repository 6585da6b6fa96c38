import type { ObjectFacts, Tag } from '../../../shared/record.ts';
import type { ObjectBatch, ObjectProblem } from './protocol.ts';

/** What one object brings to the index: its facts, and its body or the reason why there is none. */
export interface IndexedObject {
  readonly facts: Pick<ObjectFacts, 'key' | 'etag' | 'size' | 'lastModified' | 'storageClass' | 'contentEncoding'>;
  readonly body: Uint8Array | null;
  readonly problem: ObjectProblem | null;
  /** Left out where they are not known. */
  readonly tags?: readonly Tag[];
}

/**
 * Objects by columns, in key order whatever order their bodies arrived in, so that a first sync fills the index the same
 * way each time. All bodies share one array of bytes: structured clone copies the whole pool behind a view.
 */
export function packObjects(objects: readonly IndexedObject[]): ObjectBatch {
  const sorted = [...objects].toSorted((left, right) => (left.facts.key < right.facts.key ? -1 : 1));
  let total = 0;
  for (const { body } of sorted) total += body?.byteLength ?? 0;
  const bytes = new Uint8Array(total);
  const ends = new Float64Array(sorted.length);
  let end = 0;
  for (const [row, { body }] of sorted.entries()) {
    if (body !== null) {
      bytes.set(body, end);
      end += body.byteLength;
    }
    ends[row] = end;
  }
  return {
    keys: sorted.map(({ facts }) => facts.key),
    etags: sorted.map(({ facts }) => facts.etag),
    sizes: Float64Array.from(sorted, ({ facts }) => facts.size),
    lastModified: Float64Array.from(sorted, ({ facts }) => facts.lastModified ?? Number.NaN),
    storageClasses: sorted.map(({ facts }) => facts.storageClass),
    contentEncodings: sorted.map(({ facts }) => facts.contentEncoding),
    problems: sorted.map(({ problem }) => problem),
    ...(sorted.some(({ tags }) => tags !== undefined) ? { tags: sorted.map(({ tags }) => tags ?? null) } : {}),
    bytes,
    ends,
  };
}
