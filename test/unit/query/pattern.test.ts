import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  type CharacterSet,
  complementOf,
  isDisjoint,
  isSubset,
  singleCharacter,
  unicodeDigit,
  unicodeSpace,
  unicodeWord,
} from '../../../electron/engine/index/query/pattern/character-set.ts';
import { ignoringCase } from '../../../electron/engine/index/query/pattern/letter-case.ts';
import { parsePattern } from '../../../electron/engine/index/query/pattern/read-pattern.ts';
import { toRe2 } from '../../../electron/engine/index/query/pattern/to-re2.ts';
import { toScript } from '../../../electron/engine/index/query/pattern/to-script.ts';
import { AppFailure } from '../../../shared/result.ts';

interface Characters {
  readonly assigned: CharacterSet['ranges'];
  readonly word: CharacterSet['ranges'];
  readonly digit: CharacterSet['ranges'];
  readonly space: CharacterSet['ranges'];
  readonly alike: Readonly<Record<string, string>>;
}

function fixture(name: string): string {
  return readFileSync(new URL(`../../fixtures/python/${name}`, import.meta.url), 'utf8');
}

/** The pattern's answers as the fixture writes them; `beyond` where it needs what is left to later. */
function answers(pattern: string, texts: readonly string[]): string | null {
  try {
    const script = toScript(parsePattern(pattern));
    return texts.map((text) => (script.test(text) ? '1' : '0')).join('');
  } catch (error) {
    if (error instanceof AppFailure && error.error.code === 'invalid-query') return null;
    if (error instanceof Error && error.message.startsWith('No script for')) return 'beyond';
    throw error;
  }
}

test('patterns find what they find in Python, and are invalid where Python says so', () => {
  const golden: { texts: string[]; patterns: [string, string | null][] } = JSON.parse(fixture('patterns.json'));
  const differences: Record<string, unknown> = {};
  const beyond: string[] = [];
  for (const [pattern, found] of golden.patterns) {
    const ours = answers(pattern, golden.texts);
    if (ours === 'beyond') beyond.push(pattern);
    else if (ours !== found) {
      const at =
        found === null || ours === null ? null : Array.from(found).findIndex((bit, index) => bit !== ours[index]);
      differences[pattern] =
        at === null ? { python: found, ours } : `${JSON.stringify(golden.texts[at])}: Python ${found?.[at]}`;
    }
  }
  expect(differences).toEqual({});
  expect(beyond).toMatchInlineSnapshot(`
    [
      "(a)\\1",
      "(?P<x>a)(?P=x)",
      "(?>a+)b",
      "a++b",
      "a*+",
      "(a)?(?(1)b|c)",
      "(a)(b)\\2",
      "\\N{EM DASH}",
      "a*+b",
    ]
  `);
});

test('letters, digits and blanks are those of Python, as far as its Unicode goes', () => {
  const golden: Characters = JSON.parse(fixture('characters.json'));
  const unknown = complementOf({ ranges: golden.assigned });
  for (const [ours, ranges] of [
    [unicodeWord(), golden.word],
    [unicodeDigit(), golden.digit],
    [unicodeSpace(), golden.space],
  ] as const) {
    expect(isSubset({ ranges }, ours)).toBe(true);
    // What is more was assigned since.
    const others = complementOf({ ranges });
    const more = ours.ranges.filter((range) => !isDisjoint({ ranges: [range] }, others));
    for (const [first, last] of more) {
      for (let codePoint = first; codePoint <= last; codePoint++) {
        const one = singleCharacter(codePoint);
        if (isSubset(one, others)) expect(isSubset(one, unknown), codePoint.toString(16)).toBe(true);
      }
    }
  }
});

test('ignoring case takes the same letters for each other as Python does', () => {
  const { alike, assigned }: Characters = JSON.parse(fixture('characters.json'));
  const isAssigned = (codePoint: number): boolean => isSubset(singleCharacter(codePoint), { ranges: assigned });
  const differences = Object.entries(alike).flatMap(([letter, theirs]) => {
    const ours: number[] = [];
    for (const [first, last] of ignoringCase(singleCharacter(letter.codePointAt(0) ?? 0)).ranges) {
      for (let codePoint = first; codePoint <= last; codePoint++) if (isAssigned(codePoint)) ours.push(codePoint);
    }
    const text = String.fromCodePoint(...ours);
    return text === theirs ? [] : [{ letter, theirs, ours: text }];
  });
  expect(differences).toEqual([]);
});

test('what RE2 cannot say is refused with the reason', () => {
  const reasons = [
    '(a)\\1',
    'a++',
    'a(?=b)c',
    '(?<!ab)c',
    '.*\\bb',
    '$a',
    'a{2000}',
    '(?:\\w{500}){2}',
    '\\N{EM DASH}',
  ].map((pattern) => {
    try {
      toRe2(parsePattern(pattern));
      return `${pattern} is fine`;
    } catch (error) {
      return error instanceof AppFailure
        ? `${error.error.code}: ${/yet: (.*?)\. Write/.exec(error.message)?.[1]}`
        : String(error);
    }
  });
  expect(reasons).toMatchInlineSnapshot(`
    [
      "pattern-refused: it has a reference to a group",
      "pattern-refused: it has a possessive repetition",
      "pattern-refused: it has a look-ahead in its middle",
      "pattern-refused: it has a look-behind that must not match more than one character",
      "pattern-refused: it has \\b where the characters on both sides vary",
      "pattern-refused: it has $ before something else",
      "pattern-refused: it repeats something more than 1000 times",
      "pattern-refused: it is too large",
      "pattern-refused: it has a character by its name",
    ]
  `);
});
