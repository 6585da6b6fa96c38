import { type CharacterSet, characterSet, unionOf } from './character-set.ts';

/**
 * Lower-case letters that Python's `re` (3.12, `re/_casefix.py`) also takes for each other where case is ignored, beside
 * those with a common lower case.
 */
const EXTRA_CLASSES: readonly (readonly number[])[] = [
  [0x69, 0x131],
  [0x73, 0x17f],
  [0xb5, 0x3bc],
  [0x345, 0x3b9, 0x1fbe],
  [0x390, 0x1fd3],
  [0x3b0, 0x1fe3],
  [0x3b2, 0x3d0],
  [0x3b5, 0x3f5],
  [0x3b8, 0x3d1],
  [0x3ba, 0x3f0],
  [0x3c0, 0x3d6],
  [0x3c1, 0x3f1],
  [0x3c2, 0x3c3],
  [0x3c6, 0x3d5],
  [0x432, 0x1c80],
  [0x434, 0x1c81],
  [0x43e, 0x1c82],
  [0x441, 0x1c83],
  [0x442, 0x1c84, 0x1c85],
  [0x44a, 0x1c86],
  [0x463, 0x1c87],
  [0xa64b, 0x1c88],
  [0x1e61, 0x1e9b],
  [0xfb05, 0xfb06],
];

/** The lower case of one code point as one code point: Python's, JavaScript's and DuckDB's rule (U+0130 becomes `i`). */
export function lowerCase(codePoint: number): number {
  return String.fromCodePoint(codePoint).toLowerCase().codePointAt(0) ?? codePoint;
}

/** The last code point with case is below; above, no letter has any. */
const LAST_CASED = 0x1ffff;

let classes: ReadonlyMap<number, readonly number[]> | null = null;

/** Code point → those that it is equal to where case is ignored, itself included; cased ones only. */
function caseClasses(): ReadonlyMap<number, readonly number[]> {
  if (classes !== null) return classes;
  const byLower = new Map<number, number[]>();
  for (let codePoint = 0; codePoint <= LAST_CASED; codePoint++) {
    const lower = lowerCase(codePoint);
    if (lower === codePoint) continue;
    const sharing = byLower.get(lower);
    if (sharing === undefined) byLower.set(lower, [lower, codePoint]);
    else sharing.push(codePoint);
  }
  for (const extra of EXTRA_CLASSES) {
    const together = extra.flatMap((lower) => byLower.get(lower) ?? [lower]);
    for (const lower of extra) byLower.set(lower, together);
  }
  const made = new Map<number, readonly number[]>();
  for (const sharing of byLower.values()) for (const codePoint of sharing) made.set(codePoint, sharing);
  classes = made;
  return made;
}

/** Every character that Python takes for one of the set where case is ignored. */
export function ignoringCase(set: CharacterSet): CharacterSet {
  const added: [number, number][] = [];
  for (const [codePoint, sharing] of caseClasses()) {
    if (hasCodePoint(set, codePoint)) for (const other of sharing) added.push([other, other]);
  }
  return added.length === 0 ? set : unionOf(set, characterSet(added));
}

/** The same under `(?a)`: of ASCII letters only. */
export function ignoringAsciiCase(set: CharacterSet): CharacterSet {
  const added: [number, number][] = [];
  for (let codePoint = 0x41; codePoint <= 0x5a; codePoint++) {
    if (hasCodePoint(set, codePoint)) added.push([codePoint + 32, codePoint + 32]);
    if (hasCodePoint(set, codePoint + 32)) added.push([codePoint, codePoint]);
  }
  return added.length === 0 ? set : unionOf(set, characterSet(added));
}

/**
 * Whether comparing lower cases says the same as Python does. The dotless i and the long s are left out on purpose: that
 * `i` and `s` match them is an accident of Python's that nobody asks for.
 */
export function isPlainCase(codePoint: number): boolean {
  const lower = lowerCase(codePoint);
  return lower === 0x69 || lower === 0x73 || !EXTRA_CLASSES.some((extra) => extra.includes(lower));
}

function hasCodePoint({ ranges }: CharacterSet, codePoint: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, last] = ranges[middle] ?? [0, -1];
    if (codePoint < first) high = middle - 1;
    else if (codePoint > last) low = middle + 1;
    else return true;
  }
  return false;
}
