import type { ObjectTag } from '../storage/storage.ts';

/** An object that is hard to read, to name or to keep. */
export interface EdgeCase {
  /** Its key behind the collection's prefix. */
  readonly name: string;
  /** What is odd about it, in ASCII: the object's metadata says it. */
  readonly about: string;
  /** Made when it is asked for: one of them has 20 MB. */
  readonly body: () => Buffer;
  /** By lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Beside `about`; names in lower case. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: readonly ObjectTag[];
  readonly storageClass?: string;
}

export function utf8(text: string): () => Buffer {
  return () => Buffer.from(text, 'utf8');
}

/** As Python's gzip writes it: with a name and a time, so that compressing it again makes other bytes. */
export const GZIPPED_BY_PYTHON = Buffer.from(
  'H4sICCDaQ2cA/25vb24uanNvbgCrVirJLMlJVbJSUPLLz89T0lFQKkosycxLB4qY65kaAPnFqal5QF5JUWlqLQCPTNjOLwAAAA==',
  'base64',
);
