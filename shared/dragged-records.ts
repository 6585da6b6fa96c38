/** Selected records as one small file, for whom they are dragged out of the window to. */

/** What is dragged is at hand before the drag begins: more than this is exported. */
export const MOST_DRAGGED_RECORDS = 1_000;
export const MOST_DRAGGED_BYTES = 4 * 1024 * 1024;

/** Rows of an open answer to a query; `to` is the first that is none of them. */
export interface DraggedRecords {
  readonly collection: string;
  readonly result: string;
  readonly ranges: readonly { readonly from: number; readonly to: number }[];
}

export interface DraggedFile {
  /** Safe on every system. */
  readonly name: string;
  readonly mediaType: 'application/json' | 'application/x-ndjson';
  /** Of one record its body as it stands in the object, of several what an export as NDJSON writes. */
  readonly text: string;
}
