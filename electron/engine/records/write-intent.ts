import type { ObjectFacts, Tag } from '../../../shared/record.ts';

/** What a write expects to find: nothing, the object with this ETag, or whatever is there. */
export type Expectation = { readonly absent: true } | { readonly etag: string } | { readonly any: true };

/** One write as it is about to be sent: enough to find out afterwards whether it took place. */
export interface WriteIntent {
  /** Position of the record in its batch. */
  readonly index: number;
  readonly bucket: string;
  readonly key: string;
  readonly expectation: Expectation;
  /** The object that is to be there; null where it is to be gone. */
  readonly after: IntendedObject | null;
  /** What is replaced, where it was read. */
  readonly before: BeforeImage | null;
  /** The object that it is a copy of, and that a move takes away once the copy is there. */
  readonly from?: CopiedFrom;
}

export interface CopiedFrom {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
}

/** By what an object is known again. */
export interface IntendedObject {
  /** Of its body, in hexadecimal; null where nobody read it: a copy that the server makes. */
  readonly md5: string | null;
  readonly size: number;
  /** Left out where it is that of what is replaced, or nobody knows. */
  readonly storageClass?: string;
  /** Set where the body stays as it is: what is to be said of it afterwards. */
  readonly facts?: IntendedFacts;
}

export interface IntendedFacts {
  readonly storageClass?: string;
  readonly contentType?: string;
  readonly tags?: readonly Tag[];
}

/** What an undo needs. `body`: null where it stays, or is too large to be kept. */
export interface BeforeImage {
  readonly facts: ObjectFacts;
  readonly body: Uint8Array | null;
  readonly tags: readonly Tag[];
}

/** Hears of every write of a batch before it is sent: a job's journal. */
export interface WriteWitness {
  /** Resolves when the intents are where a crash cannot take them; only then the request leaves. */
  intend(intents: readonly WriteIntent[]): Promise<void>;
  /** False: bodies that are replaced need not be read for it. Left out: they are kept. */
  readonly keepsBodies?: boolean;
}
