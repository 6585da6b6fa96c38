import type { FieldKind, ValueKind } from '../../shared/page.ts';

const CODES: Readonly<Record<string, ValueKind>> = {
  '-': 'missing',
  '0': 'null',
  b: 'boolean',
  n: 'number',
  s: 'string',
  l: 'list',
  o: 'object',
};

export function kindOfCode(code: string | undefined): ValueKind {
  return CODES[code ?? '-'] ?? 'missing';
}

/** A date as it is in the object, with a space where ISO has a `T`. */
export function showDate(text: string): string {
  return /^\d{4}-\d{2}-\d{2}T/.test(text) ? `${text.slice(0, 10)} ${text.slice(11)}` : text;
}

/** Whether a value is of the kind its column is shown as. */
export function fitsColumn(value: ValueKind, text: string, column: FieldKind): boolean {
  if (value === 'missing' || value === 'null') return true;
  if (column === 'date') return value === 'string' && looksLikeDate(text);
  return value === column;
}

function looksLikeDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}/.test(text);
}
