/** What S3 has no folders for: the common prefixes of keys up to their next `/`. */
export interface PrefixPage {
  /** Each ends with `/`, in S3's order. */
  readonly prefixes: readonly string[];
  /** More may follow. */
  readonly more: boolean;
  /** Where the next page begins; null where none follows, or the server does not say how to go on. */
  readonly next: string | null;
}

export interface ObjectCount {
  readonly count: number;
  /** There are more than were counted. */
  readonly more: boolean;
}
