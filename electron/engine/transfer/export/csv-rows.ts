import { csvLine, type CsvCell } from '../../../../shared/csv-text.ts';
import type { JsonNode } from '../../../../shared/json/node.ts';
import { onOneLine } from './json-rows.ts';
import { columnPlaces, decodeRow, idOf, metadataText, type ExportRow, type RowShape } from './row-shape.ts';

const MISSING: CsvCell = { kind: 'missing' };

/** The line of titles, and what answers the line of each record. */
export function createCsvRows(shape: RowShape): { readonly head: string; readonly row: (row: ExportRow) => string } {
  const { idName, metadataName, columns, formulaGuard } = shape;
  const first = idName === null ? 0 : 1;
  const placeOf = columnPlaces(columns);
  const width = first + columns.length + (metadataName === null ? 0 : 1);
  const empty = Array.from({ length: width }, () => MISSING);
  const titles = [
    ...(idName === null ? [] : [idName]),
    ...columns.map(({ name }) => name),
    ...(metadataName === null ? [] : [metadataName]),
  ];
  return {
    head: csvLine(
      titles.map((text) => ({ kind: 'text', text })),
      formulaGuard,
    ),
    row: (row) => {
      const record = decodeRow(shape, row);
      const cells = empty.slice();
      if (idName !== null) cells[0] = { kind: 'text', text: idOf(shape, row) };
      let at = 0;
      for (const { name, value } of record.fields) {
        const place = placeOf(name, at);
        if (place !== undefined) cells[first + place] = cellOf(record.text, value);
        at += 1;
      }
      const metadata = metadataName === null ? null : metadataText(record);
      if (metadata !== null) cells[width - 1] = { kind: 'json', text: onOneLine(metadata) };
      return csvLine(cells, formulaGuard);
    },
  };
}

function cellOf(text: string, node: JsonNode): CsvCell {
  if (node.kind === 'string') return { kind: 'string', text: node.value };
  const own = text.slice(node.start, node.end);
  // Digits stay as they are; NaN and the infinities need no quotes outside of JSON.
  return { kind: 'json', text: node.kind === 'number' ? own : onOneLine(own) };
}
