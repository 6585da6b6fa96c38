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
  /** The object that is to be there, by its body's MD5 in hexadecimal; null where it is to be gone. */
  readonly after: { readonly md5: string; readonly size: number } | null;
  /** What is replaced, where it was read. */
  readonly before: { readonly facts: ObjectFacts; readonly body: Uint8Array; readonly tags: readonly Tag[] } | null;
}

/** Hears of every write of a batch before it is sent: a job's journal. */
export interface WriteWitness {
  /** Resolves when the intents are where a crash cannot take them; only then the request leaves. */
  intend(intents: readonly WriteIntent[]): Promise<void>;
}
