import { csvLine, type CsvCell } from '../../../../shared/csv-text.ts';
import { onOneLine } from './json-rows.ts';
import { RowFields } from './row-fields.ts';
import { idOf, type ExportRow, type RowShape } from './row-shape.ts';

const MISSING: CsvCell = { kind: 'missing' };

/** The line of titles, and what answers the line of each record. */
export function createCsvRows(shape: RowShape): { readonly head: string; readonly row: (row: ExportRow) => string } {
  const { idName, metadataName, columns, formulaGuard } = shape;
  const first = idName === null ? 0 : 1;
  const fields = new RowFields(
    shape,
    columns.map(({ name }) => name),
  );
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
      fields.read(row);
      const cells = empty.slice();
      if (idName !== null) cells[0] = { kind: 'text', text: idOf(shape, row) };
      for (let place = 0; place < columns.length; place += 1) cells[first + place] = cellOf(fields, place);
      if (fields.metadata !== null) cells[width - 1] = { kind: 'json', text: onOneLine(fields.metadata) };
      return csvLine(cells, formulaGuard);
    },
  };
}

function cellOf(fields: RowFields, place: number): CsvCell {
  const kind = fields.kindAt(place);
  if (kind === null) return MISSING;
  if (kind === 'string') return { kind: 'string', text: fields.stringAt(place) };
  const own = fields.textAt(place);
  // Digits stay as they are; NaN and the infinities need no quotes outside of JSON.
  return { kind: 'json', text: kind === 'number' ? own : onOneLine(own) };
}
