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

/** The pattern's answers as the fixture writes them; the reason where it is refused. */
function answers(pattern: string, texts: readonly string[]): string | null {
  try {
    const script = toScript(parsePattern(pattern));
    return texts.map((text) => (script.test(text) ? '1' : '0')).join('');
  } catch (error) {
    if (error instanceof AppFailure && error.error.code === 'invalid-query') return null;
    if (error instanceof AppFailure && error.error.code === 'pattern-refused') return reasonOf(error);
    throw error;
  }
}

test('patterns find what they find in Python, are invalid where Python says so, or are refused as docs/patterns.md says', () => {
  const golden: { texts: string[]; patterns: [string, string | null][] } = JSON.parse(fixture('patterns.json'));
  const differences: Record<string, unknown> = {};
  const refused: Record<string, string> = {};
  for (const [pattern, found] of golden.patterns) {
    const ours = answers(pattern, golden.texts);
    if (ours?.startsWith('it ') === true) refused[pattern] = ours;
    else if (ours !== found) {
      const at =
        found === null || ours === null ? null : Array.from(found).findIndex((bit, index) => bit !== ours[index]);
      differences[pattern] =
        at === null ? { python: found, ours } : `${JSON.stringify(golden.texts[at])}: Python ${found?.[at]}`;
    }
  }
  expect(differences).toEqual({});
  expect(refused).toMatchInlineSnapshot(`
    {
      "(?>a+)b": "it has an atomic group",
      "(?P<x>a)(?P=x)": "it has a reference to a group",
      "(a)(b)\\2": "it has a reference to a group",
      "(a)?(?(1)b|c)": "it has a group that depends on another",
      "(a)\\1": "it has a reference to a group",
      "\\N{EM DASH}": "it has a character by its name",
      "a*+": "it has a possessive repetition",
      "a*+b": "it has a possessive repetition",
      "a++b": "it has a possessive repetition",
    }
  `);
  const documented = documentedReasons();
  expect(Object.values(refused).filter((reason) => !documented.has(reason))).toEqual([]);
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

test('what RE2 cannot say is left to JavaScript', () => {
  for (const pattern of ['a(?=b)c', '(?<!ab)c', '.*\\bb', '$a', 'a{2000}', '(?:\\w{500}){2}']) {
    expect([pattern, toRe2(parsePattern(pattern)), answers(pattern, [''])]).toEqual([pattern, null, '0']);
  }
});

test('what docs/patterns.md says is refused is refused, with the reason that stands there', () => {
  const rows = documentedRows();
  expect(rows.length).toBeGreaterThan(5);
  for (const { pattern, reason } of rows) expect([pattern, answers(pattern, ['a'])]).toEqual([pattern, reason]);
});

function reasonOf({ message }: AppFailure): string {
  return /exactly: (.*?)\. Write/.exec(message)?.[1] ?? message;
}

/** Rows of the table in docs/patterns.md: construct, example, reason. */
function documentedRows(): readonly { pattern: string; reason: string }[] {
  const text = readFileSync(new URL('../../../docs/patterns.md', import.meta.url), 'utf8');
  return [...text.matchAll(/^\| [^|]* \| `([^`]+)` *\| ([^|]+?) *\|$/gm)].map(([, pattern = '', reason = '']) => ({
    pattern,
    reason: reason.replaceAll('`', ''),
  }));
}

function documentedReasons(): ReadonlySet<string> {
  return new Set(documentedRows().map(({ reason }) => reason));
}
