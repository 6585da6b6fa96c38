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

/**
 * Groups the integer digits of a number by thousands without reading it as a number, so every digit stays. Fewer than
 * five digits stay as they are: years and codes are numbers too.
 */
export function groupDigits(text: string): string {
  const match = /^(-?)(\d{5,})(.*)$/s.exec(text);
  if (match === null) return text;
  const [, sign = '', digits = '', rest = ''] = match;
  return sign + digits.replace(/\B(?=(\d{3})+$)/g, ',') + rest;
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
