import {
  asciiDigit,
  asciiSpace,
  asciiWord,
  type CharacterSet,
  complementOf,
  unicodeDigit,
  unicodeSpace,
  unicodeWord,
} from './character-set.ts';
import type { PatternSource } from './pattern-source.ts';

const HEXADECIMAL = '0123456789abcdefABCDEF';
export const OCTAL = '01234567';
export const DIGITS = '0123456789';

const CONTROLS: Readonly<Record<string, number>> = {
  '\\a': 0x07,
  '\\f': 0x0c,
  '\\n': 0x0a,
  '\\r': 0x0d,
  '\\t': 0x09,
  '\\v': 0x0b,
  '\\\\': 0x5c,
};

/** What an escape stands for that is one character, whether inside a class or not. */
export type SimpleEscape =
  | { readonly kind: 'character'; readonly codePoint: number }
  | { readonly kind: 'category'; readonly set: CharacterSet }
  | { readonly kind: 'named' };

export function wordSet(isAscii: boolean): CharacterSet {
  return isAscii ? asciiWord : unicodeWord();
}

/** `\d`, `\W` and so on; null for another token. */
export function categoryOf(token: string, isAscii: boolean): CharacterSet | null {
  switch (token) {
    case '\\d':
      return isAscii ? asciiDigit : unicodeDigit();
    case '\\D':
      return complementOf(isAscii ? asciiDigit : unicodeDigit());
    case '\\s':
      return isAscii ? asciiSpace : unicodeSpace();
    case '\\S':
      return complementOf(isAscii ? asciiSpace : unicodeSpace());
    case '\\w':
      return wordSet(isAscii);
    case '\\W':
      return complementOf(wordSet(isAscii));
    default:
      return null;
  }
}

/** Reads what follows a backslash; digits (octal, or a group) are the caller's. */
export function readEscape(source: PatternSource, token: string, isAscii: boolean): SimpleEscape {
  const set = categoryOf(token, isAscii);
  if (set !== null) return { kind: 'category', set };
  const control = CONTROLS[token];
  if (control !== undefined) return { kind: 'character', codePoint: control };
  switch (token) {
    case '\\x':
      return readHexadecimal(source, token, 2);
    case '\\u':
      return readHexadecimal(source, token, 4);
    case '\\U':
      return readHexadecimal(source, token, 8);
    case '\\N':
      if (!source.takeIf('{')) throw source.invalid('after \\N comes a name in braces');
      source.takeUntil('}', 'character name');
      return { kind: 'named' };
    default: {
      const codePoint = token.codePointAt(1) ?? 0;
      if (/^\\[A-Za-z]/.test(token)) throw source.invalid(`${token} is no escape`);
      return { kind: 'character', codePoint };
    }
  }
}

function readHexadecimal(source: PatternSource, token: string, digits: number): SimpleEscape {
  const taken = source.takeWhile(HEXADECIMAL, digits);
  const codePoint = Number.parseInt(taken, 16);
  if (taken.length !== digits || codePoint > 0x10ffff)
    throw source.invalid(`${token} wants ${digits} hexadecimal digits`);
  return { kind: 'character', codePoint };
}

export function octalCharacter(source: PatternSource, digits: string): number {
  const codePoint = Number.parseInt(digits, 8);
  if (codePoint > 0o377) throw source.invalid(`\\${digits} is above \\377`);
  return codePoint;
}
