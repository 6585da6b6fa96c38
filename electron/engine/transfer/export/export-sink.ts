import type { ExportForm, ExportTarget } from '../../../../shared/export.ts';
import type { CodecName } from '../../../../shared/collection.ts';
import type { PartPlace } from './part.ts';
import type { ExportRow, RowShape } from './row-shape.ts';

/** What files an export has written so far, as JSON: enough to go on with them. */
export interface SinkState {
  readonly files: readonly FileState[];
  /** All is in the files, which only have to be given their names. */
  readonly isWhole: boolean;
}

export interface FileState {
  /** Its name in the end, from the folder of the target. */
  readonly name: string;
  /** Of the field by which the export is split, as text; null for records without it, and where it is not split by a field. */
  readonly value: string | null;
  readonly place: PartPlace;
  readonly isFinished: boolean;
}

/** Where the records of an export go. */
export interface ExportSink {
  /** Of the records so far, as near as it is known. */
  readonly bytes: number;
  /** Records after which it is worth to rest. */
  readonly restsAfter: number;
  /**
   * Throws `invalid-record` where the record cannot be in it; the others can. `isTwin`: another key differs from its in capitals
   * alone. `bytes`: the object as it is, in place of the text.
   */
  add(row: ExportRow & { readonly isTwin: boolean; readonly bytes?: Uint8Array }): void | Promise<void>;
  /** Writes what takes too much memory; called after each few records. */
  settle(): Promise<void>;
  /** All that was added can be gone on with after a crash. */
  rest(): Promise<SinkState>;
  /** All files are whole, under their temporary names. */
  finish(): Promise<SinkState>;
  /** Lets go of the files as they are. */
  close(): Promise<void>;
}

export interface SinkSettings {
  readonly job: string;
  readonly form: ExportForm;
  readonly target: ExportTarget;
  readonly shape: RowShape;
  readonly codec: CodecName;
  readonly bucket: string;
  readonly prefix: string;
}
