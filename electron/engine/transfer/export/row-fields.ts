import type { JsonNode } from '../../../../shared/json/node.ts';
import { readString } from '../../../../shared/json/read-scalar.ts';
import { scanMembers } from '../../../../shared/json/scan-members.ts';
import { decodeRow, metadataText, type ExportRow, type RowShape } from './row-shape.ts';

const MISSING = -1;

/**
 * Some fields of one row after the other, by their places among the names. Only where they stand is looked for: to read every
 * value of a record into a tree took more than all else that an export does with it.
 */
export class RowFields {
  readonly names: readonly string[];
  readonly #shape: RowShape;
  readonly #placeOf: ReadonlyMap<string, number>;
  /** The names as JSON. */
  readonly #written: readonly string[];
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  #text = '';
  #metadata: string | null = null;
  /** Where records have the same fields in the same order, this one comes next. */
  #next = 0;

  constructor(shape: RowShape, names: Iterable<string>) {
    this.names = [...new Set(names)];
    this.#shape = shape;
    this.#placeOf = new Map(this.names.map((name, place) => [name, place]));
    this.#written = this.names.map((name) => JSON.stringify(name));
    this.#starts = new Int32Array(this.names.length);
    this.#ends = new Int32Array(this.names.length);
  }

  /** Takes the next row; throws `UnreadableRecord`. */
  read(row: ExportRow): void {
    this.#text = row.text;
    this.#metadata = null;
    this.#forget();
    if (this.#shape.codec === 'plain' && scanMembers(row.text, this.#visit)) return;
    this.#forget();
    const record = decodeRow(this.#shape, row);
    for (const { name, value } of record.fields) this.#put(this.#find(name), value.start, value.end);
    if (this.#shape.metadataName !== null) this.#metadata = metadataText(record);
  }

  /** The metadata as the text of one JSON object; null where it is not wanted, or there is none. */
  get metadata(): string | null {
    return this.#metadata;
  }

  /** Null where the record has no such field. */
  kindAt(place: number): JsonNode['kind'] | null {
    const start = this.#starts[place] ?? MISSING;
    return start === MISSING ? null : kindOf(this.#text.charCodeAt(start));
  }

  /** The JSON text of a field that is there. */
  textAt(place: number): string {
    return this.#text.slice(this.#starts[place], this.#ends[place]);
  }

  /** The value of a string. */
  stringAt(place: number): string {
    return readString(this.#text, this.#starts[place] ?? 0).value;
  }

  /** Those of the names that the record has as members of a JSON object, in the order of the names. */
  membersText(): string {
    let text = '';
    for (const [place, name] of this.#written.entries()) {
      if (this.#starts[place] !== MISSING) text += `${text === '' ? '' : ','}${name}:${this.textAt(place)}`;
    }
    return text;
  }

  #forget(): void {
    this.#starts.fill(MISSING);
    this.#next = 0;
  }

  readonly #visit = (nameStart: number, nameEnd: number, start: number, end: number): void => {
    const expected = this.#written[this.#next] ?? '';
    const isExpected = expected.length === nameEnd - nameStart && this.#text.startsWith(expected, nameStart);
    this.#put(isExpected ? this.#next : this.#find(readString(this.#text, nameStart).value), start, end);
  };

  #find(name: string): number | undefined {
    return this.names[this.#next] === name ? this.#next : this.#placeOf.get(name);
  }

  /** Of a name that is there twice the last value counts. */
  #put(place: number | undefined, start: number, end: number): void {
    if (place === undefined) return;
    this.#starts[place] = start;
    this.#ends[place] = end;
    this.#next = place + 1;
  }
}

/** By the first character of a value. */
function kindOf(code: number): JsonNode['kind'] {
  switch (code) {
    case 0x22:
      return 'string';
    case 0x7b:
      return 'object';
    case 0x5b:
      return 'array';
    case 0x74:
    case 0x66:
      return 'boolean';
    case 0x6e:
      return 'null';
    default:
      return 'number';
  }
}
