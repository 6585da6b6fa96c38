import { type CharacterSet, EVERY_CHARACTER, singleCharacter } from './pattern/character-set.ts';
import { ignoringCase, isPlainCase, lowerCase } from './pattern/letter-case.ts';
import type { PatternNode } from './pattern/pattern-node.ts';
import { type Re2Test, toRe2 } from './pattern/to-re2.ts';

/**
 * A LIKE pattern: the whole string, any case, `%` any run and `_` one character (newlines too), everything else is itself;
 * there is no escape character.
 */
export interface LikePattern {
  /** How DuckDB is asked: `ILIKE` where comparing lower cases is enough, else a pattern (`ς` is `σ` to Python); null where that is too large. */
  readonly re2: Re2Test | 'ilike' | null;
  test(text: string): boolean;
}

type Element =
  | { readonly kind: 'run' }
  | { readonly kind: 'any' }
  | { readonly kind: 'letter'; readonly codePoint: number };

export function likePattern(pattern: string): LikePattern {
  const elements = Array.from(pattern, elementOf);
  const isPlain = elements.every((element) => element.kind !== 'letter' || isPlainCase(element.codePoint));
  if (isPlain) return { re2: 'ilike', test: (text) => matches(elements, text, isSameLower) };
  const sets = new Map<number, ReadonlySet<number>>();
  for (const element of elements)
    if (element.kind === 'letter') sets.set(element.codePoint, codePointsLike(element.codePoint));
  return {
    re2: toRe2(likeNode(elements)),
    test: (text) => matches(elements, text, (wanted, found) => sets.get(wanted)?.has(found) ?? false),
  };
}

function elementOf(character: string): Element {
  if (character === '%') return { kind: 'run' };
  return character === '_' ? { kind: 'any' } : { kind: 'letter', codePoint: character.codePointAt(0) ?? 0 };
}

function isSameLower(wanted: number, found: number): boolean {
  return wanted === found || lowerCase(wanted) === lowerCase(found);
}

function codePointsLike(codePoint: number): ReadonlySet<number> {
  const like = new Set<number>();
  for (const [first, last] of ignoringCase(singleCharacter(codePoint)).ranges) {
    for (let one = first; one <= last; one++) like.add(one);
  }
  return like;
}

function likeNode(elements: readonly Element[]): PatternNode {
  const items = elements.map((element): PatternNode => {
    if (element.kind === 'letter') return setNode(ignoringCase(singleCharacter(element.codePoint)));
    const any = setNode(EVERY_CHARACTER);
    return element.kind === 'any' ? any : { kind: 'repeat', item: any, least: 0, most: null };
  });
  return {
    kind: 'sequence',
    items: [{ kind: 'position', at: 'text-start' }, ...items, { kind: 'position', at: 'text-end' }],
  };
}

function setNode(set: CharacterSet): PatternNode {
  return { kind: 'set', set };
}

/** On a mismatch the last run takes one character more: at most the product of both lengths, never more. */
function matches(
  elements: readonly Element[],
  text: string,
  isSame: (wanted: number, found: number) => boolean,
): boolean {
  const characters = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  let element = 0;
  let position = 0;
  let run = -1;
  let runEnd = 0;
  while (position < characters.length) {
    const wanted = elements[element];
    if (wanted?.kind === 'run') {
      run = element;
      runEnd = position;
      element++;
    } else if (
      wanted?.kind === 'any' ||
      (wanted !== undefined && isSame(wanted.codePoint, characters[position] ?? -1))
    ) {
      element++;
      position++;
    } else if (run >= 0) {
      runEnd++;
      position = runEnd;
      element = run + 1;
    } else return false;
  }
  return elements.slice(element).every((rest) => rest.kind === 'run');
}
