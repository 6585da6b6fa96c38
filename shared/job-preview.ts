import type { Tag } from './record.ts';
import type { AppError } from './result.ts';

/** Records of a job that are shown as they will be. */
export const MOST_PREVIEWED = 20;
/** Characters of a body that are shown; of more, the beginning. */
export const LONGEST_PREVIEW = 100_000;

/** One record as it is and as a job would leave it. */
export interface PreviewedRecord {
  readonly key: string;
  /** Where a copy goes; left out where the record stays where it is. */
  readonly to?: string;
  /** What becomes of an object that is in the place of a copy; left out where there is none. */
  readonly there?: 'stays' | 'replaced';
  /** Null where it could not be read. */
  readonly before: PreviewedObject | null;
  /** Null where it will be gone, or stay as it is because of the problem. */
  readonly after: PreviewedObject | null;
  /** Why the job would fail for it. */
  readonly problem: AppError | null;
}

export interface PreviewedObject {
  /** Null where it is no text. */
  readonly body: string | null;
  readonly contentType: string | null;
  readonly storageClass: string;
  /** Null where the job is not about them. */
  readonly tags: readonly Tag[] | null;
}
