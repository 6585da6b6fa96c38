/** CSV as RFC 4180 has it: commas, lines that end with CR LF, UTF-8 without a byte order mark, quotes doubled. */

export type CsvCell =
  | { readonly kind: 'missing' }
  /** A string of the record. */
  | { readonly kind: 'string'; readonly text: string }
  /** The JSON text of any other value of the record. */
  | { readonly kind: 'json'; readonly text: string }
  /** Where nothing but text can stand: titles, ids. */
  | { readonly kind: 'text'; readonly text: string };

/** One line with its end. With `guard` no text of a record can become a formula in a spreadsheet. */
export function csvLine(cells: readonly CsvCell[], guard: boolean): string {
  return `${cells.map((cell) => cellText(cell, guard)).join(',')}\r\n`;
}

/**
 * Missing, null and "" are told apart as far as CSV can: nothing, `null`, and a pair of quotes. A string that reads like
 * a number, true, false or null stands in quotes, those stand without.
 */
function cellText(cell: CsvCell, guard: boolean): string {
  switch (cell.kind) {
    case 'missing':
      return '';
    case 'json':
      return NEEDS_QUOTES.test(cell.text) ? quoted(cell.text) : cell.text;
    case 'string':
    case 'text': {
      const text = guard ? guardedText(cell.text) : cell.text;
      const readsAsOther = text === '' || READS_AS_VALUE.test(text);
      return NEEDS_QUOTES.test(text) || (cell.kind === 'string' && readsAsOther) ? quoted(text) : text;
    }
  }
}

/**
 * A spreadsheet takes a text that begins so for a formula, which may run programs or send data away (OWASP, "CSV
 * Injection"). An apostrophe before it makes it text. A text that begins like a guarded one gets one more, so that
 * taking one away always gives back what was there (`unguardedText`).
 */
export function guardedText(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

export function unguardedText(text: string): string {
  return GUARDED_TEXT.test(text) ? text.slice(1) : text;
}

function quoted(text: string): string {
  return `"${text.replaceAll(/"/g, '""')}"`;
}

const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;
/** A text that the guard made of one that a spreadsheet would run. */
export const GUARDED_TEXT = /^'+[=+\-@\t\r\n＝＋－＠]/;
/** Some readers take blanks at the ends away where there are no quotes. */
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;
const READS_AS_VALUE = /^(?:null|true|false|NaN|-?Infinity|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)$/;
