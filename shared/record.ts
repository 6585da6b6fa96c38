import type { Encryption } from './collection.ts';

/** How a record's object is written: the JSON itself, or one of the two wire formats of dataknobs-data. */
export type RecordForm = 'plain' | 'dataknobs-1' | 'dataknobs-2';

/** A name and the exact JSON text of its value, digits and escapes as they are in the object. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** Tags of many records at once. */
export type TagChange =
  | {
      /** Or set, where they are there. */
      readonly add: readonly Tag[];
      /** By their keys. */
      readonly remove: readonly string[];
    }
  | { readonly replace: readonly Tag[] };

/** What S3 knows of a record's object. */
export interface ObjectFacts {
  readonly key: string;
  /** With its quotes, as S3 sends it. */
  readonly etag: string;
  /** Bytes as stored (before any content encoding is undone). */
  readonly size: number;
  /** Milliseconds since 1970; null where a server does not say. */
  readonly lastModified: number | null;
  /** `STANDARD` where S3 leaves the header out. */
  readonly storageClass: string;
  readonly versionId: string | null;
  readonly contentType: string | null;
  readonly contentEncoding: string | null;
  readonly contentLanguage: string | null;
  readonly contentDisposition: string | null;
  readonly cacheControl: string | null;
  readonly expires: string | null;
  /** Names without `x-amz-meta-`. */
  readonly userMetadata: readonly Tag[];
  readonly encryption: Encryption | null;
  readonly websiteRedirect: string | null;
}

/** One record, read from S3 (not from the index). */
export interface RecordDetail {
  readonly id: string;
  readonly form: RecordForm;
  readonly fields: readonly NamedText[];
  readonly metadata: readonly NamedText[];
  /** The whole body as text, content encoding undone; null where it is no text. */
  readonly body: string | null;
  /** Where it is no text: its first bytes as stored, 512 at most, in hexadecimal. */
  readonly firstBytes: string | null;
  readonly facts: ObjectFacts;
  /** Null where the server refused or cannot do tags; `tagsProblem` says why. */
  readonly tags: readonly Tag[] | null;
  readonly tagsProblem: string | null;
  /** Why the object is no record: then `fields` and `metadata` are empty. */
  readonly problem: RecordProblem | null;
  /** Things worth knowing that are no failure, such as a body that names another id. */
  readonly notes: readonly string[];
}

export interface RecordProblem {
  /** One sentence: what is wrong with the object. */
  readonly message: string;
  /** One-based, where the body is broken JSON. */
  readonly line: number | null;
  readonly column: number | null;
}

/** A change of one value inside a record. Bytes of the object outside of it stay as they are. */
export interface RecordEdit {
  readonly part: 'fields' | 'metadata';
  /** First the field's name, then member names and array positions below it. */
  readonly path: readonly (string | number)[];
  /** JSON text of the new value; null removes the member. */
  readonly text: string | null;
}

/** A change of the same place in each of many records. What is not there is neither renamed nor converted. */
export type BulkEdit =
  | RecordEdit
  /** Keeps its place; a record that has one of the new name already fails. */
  | (Pick<RecordEdit, 'part' | 'path'> & { readonly rename: string })
  | (Pick<RecordEdit, 'part' | 'path'> & { readonly convert: Conversion });

/**
 * What a value becomes; null stays null, and a value that says no such thing fails its record. `json`: a string that holds
 * JSON becomes that; `list`: a value becomes a list of it.
 */
export const CONVERSIONS = ['string', 'number', 'integer', 'boolean', 'json', 'list'] as const;
export type Conversion = (typeof CONVERSIONS)[number];

/** JSON text of a patch of a record's fields: Merge Patch (RFC 7396) or JSON Patch (RFC 6902). */
export type RecordPatch = { readonly merge: string } | { readonly operations: string };

/** What is done to each of many records: edits first, then the patch. */
export interface BulkChange {
  readonly edits: readonly BulkEdit[];
  readonly patch?: RecordPatch;
  readonly contentType?: string;
}

export type RecordChange =
  | { readonly edits: readonly RecordEdit[]; readonly tags?: readonly Tag[] }
  /**
   * Replaces the whole body: the way to mend an object that is no record, in as many saves as it takes. A record stays
   * one, and what was JSON stays JSON (`invalid-record`).
   */
  | { readonly body: string; readonly tags?: readonly Tag[] };

export type RecordAddress =
  | { readonly key: string }
  /** Tried as the codec's key first, then as prefix + id. */
  | { readonly id: string };

/** The outcome of a write. */
export interface WrittenRecord {
  readonly id: string;
  readonly key: string;
  readonly etag: string;
  /** What could not be kept or mirrored, in sentences: tags left out, a weaker guarantee. */
  readonly notes: readonly string[];
}

/**
 * What is less than S3 promises, in a sentence for each thing that can be done; null where the server checks what it is
 * asked to, and where nobody knows whether it does.
 */
export interface WeakerWrites {
  readonly create: string | null;
  readonly update: string | null;
  readonly delete: string | null;
  /** Why tags cannot be written. */
  readonly tags: string | null;
}

/** An edit of a record that is not sent yet. */
export interface Draft {
  readonly collection: string;
  readonly key: string;
  /** ETag of the object that the edits were made on. */
  readonly etag: string;
  readonly change: RecordChange;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
}
