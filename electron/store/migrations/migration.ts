/** One step of the data folder's format, from `from` to the next. Once it has been released it is never changed. */
export interface Migration {
  readonly from: number;
  /** For the note to the person, in the middle of a sentence: what is where now. */
  readonly does: string;
  /** Files that it reads or writes, relative to the data folder; they are backed up before. */
  readonly files: readonly string[];
  /**
   * From the contents before to those that are to be written: all others stay as they are. Pure, so that a step that was
   * broken off is done again from the backup.
   */
  change(before: FileContents): FileContents;
}

/** Contents by a file's name; a file that is missing or cannot be read is not named. */
export type FileContents = Readonly<Record<string, unknown>>;
