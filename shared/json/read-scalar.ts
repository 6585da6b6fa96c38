import { JsonSyntaxError } from './json-syntax-error.ts';

export interface ReadString {
  readonly value: string;
  /** Behind the closing quote. */
  readonly end: number;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Reads the string whose opening quote stands at `start`. */
export function readString(text: string, start: number): ReadString {
  let position = start + 1;
  for (;;) {
    const code = text.charCodeAt(position);
    if (code === 0x22) return { value: text.slice(start + 1, position), end: position + 1 };
    // NaN, behind the end of the text, is caught by the negation too.
    if (code === 0x5c || !(code >= 0x20)) return readEscapedString(text, start, position);
    position++;
  }
}

function readEscapedString(text: string, start: number, firstEscape: number): ReadString {
  const length = text.length;
  let value = '';
  let from = start + 1;
  let position = firstEscape;
  for (;;) {
    if (position >= length) {
      throw new JsonSyntaxError('The string that begins here has no closing quote.', text, start);
    }
    const code = text.charCodeAt(position);
    if (code === 0x22) return { value: value + text.slice(from, position), end: position + 1 };
    if (code < 0x20) throw controlCharacter(text, position, code);
    if (code !== 0x5c) {
      position++;
      continue;
    }
    value += text.slice(from, position);
    const letter = text.charAt(position + 1);
    if (letter === 'u') {
      value += String.fromCharCode(readHexadecimal(text, position));
      position += 6;
    } else {
      const meaning = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
      if (meaning === undefined) {
        throw position + 1 >= length
          ? new JsonSyntaxError('The string that begins here has no closing quote.', text, start)
          : new JsonSyntaxError(`JSON has no escape \\${letter}; a backslash itself is written \\\\.`, text, position);
      }
      value += meaning;
      position += 2;
    }
    from = position;
  }
}

function readHexadecimal(text: string, backslash: number): number {
  const digits = text.slice(backslash + 2, backslash + 6);
  if (!/^[0-9a-fA-F]{4}$/.test(digits)) {
    throw new JsonSyntaxError('Four hexadecimal digits are missing after \\u.', text, backslash);
  }
  return Number.parseInt(digits, 16);
}

function controlCharacter(text: string, position: number, code: number): JsonSyntaxError {
  const short: Readonly<Record<number, string>> = { 8: '\\b', 9: '\\t', 10: '\\n', 12: '\\f', 13: '\\r' };
  const escape = short[code] ?? `\\u${code.toString(16).padStart(4, '0')}`;
  const what = code === 10 || code === 13 ? 'a line break' : code === 9 ? 'a tab' : 'a control character';
  return new JsonSyntaxError(`A string holds ${what}; it is written ${escape}.`, text, position);
}

/** End of the number at `start`, or `start` where there is none. */
export function readNumberEnd(text: string, start: number): number {
  let position = start;
  let code = text.charCodeAt(position);
  if (code === 0x4e) return text.startsWith('NaN', start) ? start + 3 : start;
  if (code === 0x2d) code = text.charCodeAt(++position);
  if (code === 0x49) return text.startsWith('Infinity', position) ? position + 8 : start;
  if (code === 0x30) {
    code = text.charCodeAt(++position);
    if (code >= 0x30 && code <= 0x39) {
      throw new JsonSyntaxError('A number does not begin with a zero.', text, start);
    }
  } else if (code >= 0x31 && code <= 0x39) {
    do code = text.charCodeAt(++position);
    while (code >= 0x30 && code <= 0x39);
  } else {
    return start;
  }
  if (code === 0x2e) {
    code = text.charCodeAt(++position);
    if (!(code >= 0x30 && code <= 0x39)) throw digitMissing(text, position, 'decimal point');
    do code = text.charCodeAt(++position);
    while (code >= 0x30 && code <= 0x39);
  }
  if (code === 0x65 || code === 0x45) {
    code = text.charCodeAt(++position);
    if (code === 0x2b || code === 0x2d) code = text.charCodeAt(++position);
    if (!(code >= 0x30 && code <= 0x39)) throw digitMissing(text, position, 'exponent');
    do code = text.charCodeAt(++position);
    while (code >= 0x30 && code <= 0x39);
  }
  return position;
}

function digitMissing(text: string, position: number, place: string): JsonSyntaxError {
  return new JsonSyntaxError(`A digit is missing in the ${place} of a number.`, text, position);
}
