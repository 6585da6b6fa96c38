/** A set of code points as sorted, disjoint, non-adjacent ranges, ends included. */
export interface CharacterSet {
  readonly ranges: readonly CodePointRange[];
}

export type CodePointRange = readonly [first: number, last: number];

export const LAST_CODE_POINT = 0x10ffff;

export const EMPTY_SET: CharacterSet = { ranges: [] };
export const EVERY_CHARACTER: CharacterSet = { ranges: [[0, LAST_CODE_POINT]] };
export const NEWLINE: CharacterSet = singleCharacter(0x0a);

export function singleCharacter(codePoint: number): CharacterSet {
  return { ranges: [[codePoint, codePoint]] };
}

export function characterSet(ranges: Iterable<CodePointRange>): CharacterSet {
  const sorted = [...ranges].toSorted((left, right) => left[0] - right[0]);
  const merged: [number, number][] = [];
  for (const [first, last] of sorted) {
    const before = merged.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else merged.push([first, last]);
  }
  return { ranges: merged };
}

export function unionOf(...sets: readonly CharacterSet[]): CharacterSet {
  return characterSet(sets.flatMap((set) => set.ranges));
}

export function complementOf(set: CharacterSet): CharacterSet {
  const ranges: CodePointRange[] = [];
  let next = 0;
  for (const [first, last] of set.ranges) {
    if (first > next) ranges.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= LAST_CODE_POINT) ranges.push([next, LAST_CODE_POINT]);
  return { ranges };
}

export function isDisjoint(left: CharacterSet, right: CharacterSet): boolean {
  let index = 0;
  for (const [first, last] of left.ranges) {
    while ((right.ranges[index]?.[1] ?? Infinity) < first) index++;
    const other = right.ranges[index];
    if (other === undefined) return true;
    if (other[0] <= last) return false;
  }
  return true;
}

export function isSubset(inner: CharacterSet, outer: CharacterSet): boolean {
  return isDisjoint(inner, complementOf(outer));
}

/** The code point of a set that has exactly one. */
export function onlyCharacter(set: CharacterSet): number | null {
  const [range] = set.ranges;
  return set.ranges.length === 1 && range !== undefined && range[0] === range[1] ? range[0] : null;
}

/** Beyond it Unicode has no letters, digits or blanks, and so nothing to look for. */
const LAST_ASSIGNED_LETTER = 0x3ffff;

function matching(pattern: RegExp): CharacterSet {
  const ranges: CodePointRange[] = [];
  let first = -1;
  for (let codePoint = 0; codePoint <= LAST_ASSIGNED_LETTER + 1; codePoint++) {
    const isIn = codePoint <= LAST_ASSIGNED_LETTER && pattern.test(String.fromCodePoint(codePoint));
    if (isIn && first < 0) first = codePoint;
    if (!isIn && first >= 0) {
      ranges.push([first, codePoint - 1]);
      first = -1;
    }
  }
  return { ranges };
}

function onceNeeded(make: () => CharacterSet): () => CharacterSet {
  let made: CharacterSet | null = null;
  return () => (made ??= make());
}

/** Python's `\w`, `\d` and `\s` for str: `isalnum() or "_"`, `isdecimal()`, `isspace()`. */
export const unicodeWord = onceNeeded(() => matching(/[\p{L}\p{N}_]/u));
export const unicodeDigit = onceNeeded(() => matching(/\p{Nd}/u));
export const unicodeSpace: () => CharacterSet = onceNeeded(() =>
  characterSet([
    [0x09, 0x0d],
    [0x1c, 0x20],
    [0x85, 0x85],
    [0xa0, 0xa0],
    [0x1680, 0x1680],
    [0x2000, 0x200a],
    [0x2028, 0x2029],
    [0x202f, 0x202f],
    [0x205f, 0x205f],
    [0x3000, 0x3000],
  ]),
);

/** The same under `(?a)`. */
export const asciiWord: CharacterSet = characterSet([
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
]);
export const asciiDigit: CharacterSet = characterSet([[0x30, 0x39]]);
export const asciiSpace: CharacterSet = characterSet([
  [0x09, 0x0d],
  [0x20, 0x20],
]);
