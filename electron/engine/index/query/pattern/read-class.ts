import { type CharacterSet, characterSet, complementOf, EMPTY_SET, singleCharacter, unionOf } from './character-set.ts';
import { DIGITS, OCTAL, octalCharacter, readEscape, type SimpleEscape } from './pattern-escape.ts';
import type { PatternSource } from './pattern-source.ts';

/** A class in brackets; null where it holds a character by its name, which is not looked up here. */
export interface ReadClass {
  readonly set: CharacterSet | null;
}

/**
 * Reads `[…]` behind its opening bracket. `ignoreCase` widens the set before it is negated, as Python does.
 */
export function readClass(
  source: PatternSource,
  isAscii: boolean,
  ignoreCase: (set: CharacterSet) => CharacterSet,
): ReadClass {
  const start = source.position - 1;
  const isNegated = source.takeIf('^');
  const sets: CharacterSet[] = [];
  let hasNamed = false;
  let isFirst = true;
  const next = (): string => {
    const token = source.take();
    if (token === null) throw source.invalid('the [ has no ] behind it', start);
    return token;
  };
  for (;;) {
    const token = next();
    if (token === ']' && !isFirst) break;
    isFirst = false;
    const first = readMember(source, token, isAscii);
    hasNamed ||= first.kind === 'named';
    if (!source.takeIf('-')) {
      sets.push(setOf(first));
      continue;
    }
    const end = next();
    if (end === ']') {
      sets.push(setOf(first), singleCharacter(0x2d));
      break;
    }
    const last = readMember(source, end, isAscii);
    hasNamed ||= last.kind === 'named';
    if (first.kind === 'named' || last.kind === 'named') continue;
    if (first.kind === 'category' || last.kind === 'category' || last.codePoint < first.codePoint) {
      throw source.invalid(`${token}-${end} is no range`);
    }
    sets.push(characterSet([[first.codePoint, last.codePoint]]));
  }
  if (hasNamed) return { set: null };
  const set = ignoreCase(unionOf(...sets));
  return { set: isNegated ? complementOf(set) : set };
}

function readMember(source: PatternSource, token: string, isAscii: boolean): SimpleEscape {
  if (!token.startsWith('\\')) return { kind: 'character', codePoint: token.codePointAt(0) ?? 0 };
  if (token === '\\b') return { kind: 'character', codePoint: 0x08 };
  const digit = token.charAt(1);
  if (OCTAL.includes(digit)) {
    return { kind: 'character', codePoint: octalCharacter(source, digit + source.takeWhile(OCTAL, 2)) };
  }
  if (DIGITS.includes(digit)) throw source.invalid(`${token} is no escape`);
  return readEscape(source, token, isAscii);
}

function setOf(member: SimpleEscape): CharacterSet {
  if (member.kind === 'named') return EMPTY_SET;
  return member.kind === 'category' ? member.set : singleCharacter(member.codePoint);
}
