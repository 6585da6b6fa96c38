/** What a report of a bug needs to know of a Dipper. Holds no secret, and no content of a record. */
export interface Diagnostics {
  /** The very text that is saved: JSON, so that it can be read and searched. */
  readonly text: string;
}

/** A mistake of Dipper's own, as it went to the log. */
export interface Mistake {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What was being done, such as the name of a channel. */
  readonly place: string;
  /** With its stack. */
  readonly text: string;
}
