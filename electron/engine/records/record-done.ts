import type { Tag } from '../../../shared/record.ts';
import type { WrittenObject } from '../index/collection-index.ts';

/** What became of one record of a batch, where it did not fail. */
export interface RecordDone {
  /** `unchanged`: nothing had to be written. */
  readonly outcome: 'done' | 'unchanged';
  readonly key: string;
  /** Null where there was no object. */
  readonly etagBefore: string | null;
  /** Null where there is none any more. */
  readonly etagAfter: string | null;
  /** Set where there was no object before, though `etagBefore` may not be known. */
  readonly created?: true;
  /** Set where the server refused to copy it with the keys of the destination, so that its bytes came through here. */
  readonly throughHere?: true;
  readonly notes: readonly string[];
  /** For the index; null where its body was not here. */
  readonly written: WrittenObject | null;
  /** Tags that are another's now, while the body stays. */
  readonly tagged?: readonly Tag[];
}
