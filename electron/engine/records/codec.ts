import type { JsonNode } from '../../../shared/json/node.ts';
import type { RecordForm } from '../../../shared/record.ts';

/** A field or metadata entry of a decoded record: its name and its value in the tree of `text`. */
export interface DecodedMember {
  readonly name: string;
  readonly value: JsonNode;
}

/** A body read as a record. `text.slice(value.start, value.end)` is the exact text of a value. */
export interface DecodedRecord {
  readonly form: RecordForm;
  readonly text: string;
  readonly root: JsonNode;
  /** Duplicate names already resolved (the last one counts). */
  readonly fields: readonly DecodedMember[];
  readonly metadata: readonly DecodedMember[];
  /** True where the form has a metadata object (possibly empty); false in plain records. */
  readonly hasMetadata: boolean;
  readonly notes: readonly string[];
}
