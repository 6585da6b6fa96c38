import { formatBytes } from '../../../../../shared/byte-size.ts';
import { MOST_DRAGGED_BYTES } from '../../../../../shared/dragged-records.ts';
import { EXPORT_DEFAULTS } from '../../../../../shared/export.ts';
import { idOfKey } from '../../../../../shared/record-key.ts';
import { AppFailure } from '../../../../../shared/result.ts';
import { createJsonRows, createRecordTexts } from '../../../transfer/export/json-rows.ts';
import { shapeOf, type ExportRow } from '../../../transfer/export/row-shape.ts';
import type { DraggedRows } from '../../protocol.ts';
import type { IndexStore } from '../index-store.ts';
import { readStoredRows, type OpenResult } from '../open-result.ts';
import { PAGE_ROWS } from '../page-cells.ts';

/**
 * Rows of a result as one text, in their order: lines as an export as NDJSON writes them, one record alone as it stands in
 * its object. Half of what was asked for is no answer: `record-unreadable`, `invalid-arguments` beyond
 * `MOST_DRAGGED_BYTES`.
 */
export async function readDraggedRows(
  store: IndexStore,
  result: OpenResult,
  ranges: readonly { readonly from: number; readonly to: number }[],
  signal: AbortSignal,
): Promise<DraggedRows> {
  const rows: ExportRow[] = [];
  let units = 0;
  for (const { from, to } of ranges) {
    for (let at = from; at < to; at += PAGE_ROWS) {
      for (const { key, text, problem } of await readStoredRows(result, at, Math.min(to - at, PAGE_ROWS), signal)) {
        if (text === null) throw unreadable(idOfKey(result.prefix, key), problem);
        units += text.length;
        if (units > MOST_DRAGGED_BYTES) throw tooLarge();
        rows.push({ key, text });
      }
    }
  }
  const fields = store.slots.profile.topLevel('fields').filter(({ seen }) => seen > 0);
  const shape = shapeOf(
    result,
    { ...EXPORT_DEFAULTS, format: 'ndjson' },
    result.select,
    fields.map(({ path: [name = ''] }) => ({ name, type: 'json' })),
  );
  const [first] = rows;
  const lineOf = createJsonRows(shape);
  const isOne = first !== undefined && rows.length === 1;
  const text = isOne ? createRecordTexts(shape)(first) : rows.map((row) => `${lineOf(row)}\n`).join('');
  if (Buffer.byteLength(text) > MOST_DRAGGED_BYTES) throw tooLarge();
  return { text, key: isOne ? first.key : null };
}

function unreadable(id: string, problem: string | null): AppFailure {
  return new AppFailure(
    'record-unreadable',
    `${id} cannot be dragged: ${problem ?? 'it is not in the index.'} Select others, or export: that leaves out what cannot be written, and says so.`,
  );
}

function tooLarge(): AppFailure {
  return new AppFailure(
    'invalid-arguments',
    `What is selected has more than the ${formatBytes(MOST_DRAGGED_BYTES)} that can be dragged. Export it, or select less.`,
  );
}
