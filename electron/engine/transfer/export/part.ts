import type { ExportRow } from './row-shape.ts';

/** One file of an export while records are added to it. */
export interface Part {
  /** Of text, or of what comes near to it, before it is compressed. */
  readonly size: number;
  /** Enough waits in memory to be written. */
  readonly isDue: boolean;
  /** Throws an `AppFailure`, and adds nothing, where the record does not fit the format. */
  add(row: ExportRow): void;
  /** Writes what waits. */
  flush(): Promise<void>;
  /** The same, so that it can be gone on with after a crash: at the place that is answered. */
  keep(): Promise<PartPlace>;
  /** Writes the end of the file; it is on disk when it resolves. Answers its bytes. */
  finish(): Promise<number>;
  /** Lets go of the file as it is. */
  close(): Promise<void>;
}

export interface PartPlace {
  readonly rows: number;
  /** Of the file. */
  readonly bytes: number;
  readonly size: number;
}

export const PART_START: PartPlace = { rows: 0, bytes: 0, size: 0 };
