import { formatBytes } from '../../shared/byte-size.ts';
import type { FieldKind, OpenedQuery, ResultPage, ValueKind } from '../../shared/page.ts';
import { formatTime, storageClassName } from '../ui/format.ts';
import { showNumber } from '../ui/number-text.ts';
import type { GlyphKind } from '../ui/TypeGlyph.tsx';
import { fitsColumn, kindOfCode, showDate } from './cell-format.ts';
import { summariseNested } from './nested-summary.ts';

export type ObjectFact = 'class' | 'size' | 'modified';

export type GridColumn =
  | { readonly role: 'id'; readonly id: string; readonly name: string; readonly sortField: string | null }
  | {
      readonly role: 'field';
      readonly id: string;
      readonly name: string;
      readonly sortField: string | null;
      readonly kind: FieldKind;
      /** Position in `OpenedQuery.columns`. */
      readonly position: number;
    }
  | { readonly role: ObjectFact; readonly id: string; readonly name: string; readonly sortField: null };

/** id, the fields in the order of the answer, then what S3 knows of the object. */
export function gridColumns(columns: OpenedQuery['columns']): readonly GridColumn[] {
  return [
    { role: 'id', id: '@id', name: 'id', sortField: 'id' },
    ...columns.map(({ name, field, kind }, position): GridColumn => ({
      role: 'field',
      id: `field:${name}`,
      name,
      sortField: field,
      kind,
      position,
    })),
    { role: 'class', id: '@class', name: 'class', sortField: null },
    { role: 'size', id: '@size', name: 'size', sortField: null },
    { role: 'modified', id: '@modified', name: 'modified', sortField: null },
  ];
}

export function glyphOf(column: GridColumn): GlyphKind {
  if (column.role === 'id') return 'id';
  return column.role === 'field' ? column.kind : 'object-fact';
}

export interface CellValue {
  readonly kind: ValueKind;
  readonly text: string;
  /** Length of the whole value where `text` is clipped, in UTF-16 units. */
  readonly fullLength: number | null;
}

const MISSING: CellValue = { kind: 'missing', text: '', fullLength: null };

export function cellValue(page: ResultPage, offset: number, column: GridColumn): CellValue {
  switch (column.role) {
    case 'id':
      return { kind: 'string', text: page.ids[offset] ?? '', fullLength: null };
    case 'class':
      return { kind: 'string', text: page.storageClasses[offset] ?? '', fullLength: null };
    case 'size':
      return { kind: 'number', text: String(page.sizes[offset] ?? 0), fullLength: null };
    case 'modified': {
      const modified = page.lastModified[offset] ?? null;
      return modified === null ? MISSING : { kind: 'string', text: new Date(modified).toISOString(), fullLength: null };
    }
    case 'field': {
      const cells = page.columns[column.position];
      if (cells === undefined) return MISSING;
      return {
        kind: kindOfCode(cells.kinds[offset]),
        text: cells.texts[offset] ?? '',
        fullLength: cells.clipped[offset] ?? null,
      };
    }
  }
}

/** The text that a cell shows; what it is drawn with is in Cell.tsx. */
export function cellText(value: CellValue, column: GridColumn): string {
  if (column.role === 'class') return storageClassName(value.text);
  if (column.role === 'size') return formatBytes(Number(value.text));
  if (column.role === 'modified') return value.kind === 'missing' ? '' : formatTime(Date.parse(value.text));
  switch (value.kind) {
    case 'missing':
      return '';
    case 'null':
      return 'null';
    case 'number':
      // In a column of text a number is a name, such as the title 1776.
      return column.role === 'field' && column.kind === 'number' ? showNumber(value.text, column.name) : value.text;
    case 'boolean':
      return value.text;
    case 'string':
      if (value.text === '') return '""';
      return column.role === 'field' && column.kind === 'date' ? showDate(value.text) : oneLine(value.text);
    case 'list':
      return oneLine(summariseNested(value.text).first.join(', '));
    case 'object':
      return oneLine(summariseNested(value.text).first[0] ?? '');
  }
}

/** `{3}` or `[4]`; `[]` and `{0}` where it is empty; a plus where the text is clipped. */
export function nestedMark(value: CellValue): string {
  const { count, exact } = summariseNested(value.text);
  const size = exact ? String(count) : `${count}+`;
  if (value.kind === 'object') return `{${size}}`;
  return count === 0 && exact ? '[]' : `[${size}]`;
}

export function standsRight(value: CellValue, column: GridColumn): boolean {
  if (column.role === 'size') return true;
  if (column.role !== 'field' || column.kind !== 'number') return false;
  return value.kind === 'number' || value.kind === 'missing' || value.kind === 'null';
}

/** A value of another kind than its column's, which is shown with its own glyph. */
export function isOdd(value: CellValue, column: GridColumn): boolean {
  return column.role === 'field' && !fitsColumn(value.kind, value.text, column.kind);
}

/** Line breaks and other controls as one space: a row is one line high. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ');
}
