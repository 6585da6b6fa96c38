import { AppFailure } from '../../../../shared/result.ts';
import type { BatchOptions, BatchOutcome, Source } from '../../records/record-batches.ts';
import { writeMany } from '../../records/batch/write-many.ts';
import type { GoodRow, PreparedRow } from './reading/prepare-rows.ts';
import { writeRow, type RowWriting } from './write-row.ts';

/** Writes rows, many at once; a bad row is one that failed. */
export function importMany(
  rows: Source<PreparedRow>,
  writing: RowWriting,
  options: BatchOptions,
): AsyncGenerator<BatchOutcome, void, undefined> {
  return writeMany(
    rows,
    {
      prepare: goodRow,
      // The text and the body that is made of it.
      sizeOf: (row) => (row.problem === null ? 2 * (row.body ?? row.record).length : 0),
      write: (row, call) => writeRow(row, writing, call),
    },
    options,
  );
}

function goodRow(row: PreparedRow): GoodRow {
  if (row.problem === null) return row;
  // The name of a file stays as it is.
  const place = row.place.replace(/^(?:line|row)(?= \d+$)/, (word) => (word === 'line' ? 'Line' : 'Row'));
  throw new AppFailure('invalid-record', `${place}: ${row.problem}`);
}
