import type { ExportColumn, ExportColumnType } from '../../../../shared/export.ts';
import type { JsonNode } from '../../../../shared/json/node.ts';
import { AppFailure } from '../../../../shared/result.ts';
import { onOneLine } from './json-rows.ts';
import { RowFields } from './row-fields.ts';
import { idOf, type ExportRow, type RowShape } from './row-shape.ts';

export type ParquetValue = string | number | bigint | boolean | null;

/** Rows of a Parquet file on their way, by columns. */
export class ParquetColumns {
  readonly #shape: RowShape;
  readonly #columns: { readonly name: string; readonly type: ExportColumnType; values: ParquetValue[] }[];
  readonly #fields: RowFields;
  /** Places of fields are from here on. */
  readonly #first: number;
  readonly #empty: readonly null[];
  #rows = 0;

  constructor(shape: RowShape) {
    const { idName, metadataName, columns } = shape;
    this.#shape = shape;
    this.#columns = [
      ...(idName === null ? [] : [{ name: idName, type: 'string' as const, values: [] }]),
      ...columns.map(({ name, type }) => ({ name, type, values: [] })),
      ...(metadataName === null ? [] : [{ name: metadataName, type: 'json' as const, values: [] }]),
    ];
    this.#first = idName === null ? 0 : 1;
    this.#fields = new RowFields(
      shape,
      columns.map(({ name }) => name),
    );
    this.#empty = this.#columns.map(() => null);
  }

  /** In their order. */
  get types(): readonly ExportColumn[] {
    return this.#columns.map(({ name, type }) => ({ name, type }));
  }

  get rows(): number {
    return this.#rows;
  }

  /** Throws `invalid-record`, and adds nothing, where a value does not fit its column. */
  add(row: ExportRow): void {
    const shape = this.#shape;
    const fields = this.#fields;
    fields.read(row);
    const columns = this.#columns;
    const cells: ParquetValue[] = this.#empty.slice();
    if (shape.idName !== null) cells[0] = idOf(shape, row);
    for (let field = 0; field < fields.names.length; field += 1) {
      const place = this.#first + field;
      cells[place] = valueOf(columns[place]?.type ?? 'json', fields, field);
    }
    if (fields.metadata !== null) cells[cells.length - 1] = onOneLine(fields.metadata);
    for (let place = 0; place < columns.length; place += 1) columns[place]?.values.push(cells[place] ?? null);
    this.#rows += 1;
  }

  /** What was added, which is forgotten. */
  take(): readonly (readonly ParquetValue[])[] {
    this.#rows = 0;
    return this.#columns.map((column) => {
      const { values } = column;
      column.values = [];
      return values;
    });
  }
}

/** The types are those of the values in the index: only what was too large for it can hold another. */
function valueOf(type: ExportColumnType, fields: RowFields, place: number): ParquetValue {
  const kind = fields.kindAt(place);
  if (kind === null) return null;
  const fit = type === 'json' ? onOneLine(fields.textAt(place)) : fittingValue(type, kind, fields, place);
  if (fit !== null || kind === 'null') return fit;
  throw new AppFailure(
    'invalid-record',
    `The column ${JSON.stringify(fields.names[place])} holds values of the type ${type}, and this record has another one there. Export it as NDJSON or CSV.`,
  );
}

/** Null where there is none. */
function fittingValue(
  type: Exclude<ExportColumnType, 'json'>,
  kind: JsonNode['kind'],
  fields: RowFields,
  place: number,
): ParquetValue {
  switch (type) {
    case 'string':
      return kind === 'string' ? fields.stringAt(place) : null;
    case 'boolean':
      return kind === 'boolean' ? fields.textAt(place) === 'true' : null;
    case 'number':
      return kind === 'number' ? Number(fields.textAt(place)) : null;
    case 'integer':
      return kind === 'number' ? integerOf(fields.textAt(place)) : null;
  }
}

/** `1.0` and `1e3` are integers too. Null where it takes more than 64 bits. */
function integerOf(text: string): bigint | null {
  const number = Number(text);
  if (Number.isSafeInteger(number)) return BigInt(number);
  if (!Number.isInteger(number)) return null;
  const integer = /^-?\d+$/.test(text) ? BigInt(text) : BigInt(number);
  return BigInt.asIntN(64, integer) === integer ? integer : null;
}
