/** Records that were deleted in a bucket that keeps versions, and can be brought back. */
export interface DeletedRecords {
  /** Whether the bucket keeps what is deleted; null where that may not be asked. Suspended ones keep what was deleted before. */
  readonly versioning: 'off' | 'enabled' | 'suspended' | null;
  /** What was deleted last comes first. */
  readonly records: readonly DeletedRecord[];
  /** There are more than are told. */
  readonly more: boolean;
}

export interface DeletedRecord {
  /** Below the prefix. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly deletedAt: number;
}

/** Of more, the first by their keys are told. */
export const MOST_DELETED = 10_000;
