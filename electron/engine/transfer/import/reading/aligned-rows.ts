import { basename } from 'node:path';
import { BAD_ROW_REASON } from '../../../../../shared/import.ts';
import { AppFailure } from '../../../../../shared/result.ts';
import type { OpenRows } from './open-rows.ts';
import type { CellsRow, SourceRow, SourceRows } from './source-row.ts';

/** The file of several whose columns the others' cells are put under. */
export interface FirstFile {
  readonly path: string;
  readonly columns: readonly string[];
}

/**
 * Rows of a further file of CSV with their cells in the order of the first file's columns; one that it lacks is empty. Throws
 * `invalid-arguments` where it has one that the first lacks: those values would be in no record.
 */
export async function* aligned({ rows, columns }: OpenRows, path: string, first: FirstFile): SourceRows {
  // A file without a row has no columns either.
  const strange = columns.find((name) => name !== BAD_ROW_REASON && !first.columns.includes(name));
  if (strange !== undefined) {
    await rows.return();
    throw new AppFailure(
      'invalid-arguments',
      `${path} has the column ${JSON.stringify(strange)}, which ${basename(first.path)} has not. Files that are imported together have the columns of the first; import this one by itself.`,
    );
  }
  const isSame = columns.length === first.columns.length && columns.every((name, at) => name === first.columns[at]);
  if (isSame) {
    yield* rows;
    return;
  }
  const cells = first.columns.map((name) => columns.indexOf(name));
  for await (const group of rows) {
    yield group.map((row) => (row.kind === 'cells' ? alignedRow(row, columns.length, cells) : row));
  }
}

function alignedRow(row: CellsRow, wanted: number, cells: readonly number[]): SourceRow {
  const has = row.cells.length;
  if (has === wanted) return { ...row, cells: cells.map((cell) => row.cells[cell] ?? '') };
  const problem = `The row has ${has} ${has === 1 ? 'value' : 'values'}, not ${wanted} as the others of its file.`;
  return { kind: 'broken', at: row.at, text: null, problem };
}
