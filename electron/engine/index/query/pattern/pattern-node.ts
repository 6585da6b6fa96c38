import type { CharacterSet } from './character-set.ts';

/**
 * A regular expression, its flags already applied: what it matches, not how. Captures and greediness are gone, because a
 * condition asks only whether there is a match.
 */
export type PatternNode =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'sequence'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  /** `most` null: no limit. */
  | { readonly kind: 'repeat'; readonly item: PatternNode; readonly least: number; readonly most: number | null }
  | { readonly kind: 'position'; readonly at: Position }
  /** `\b`, or `\B` where negated: between a character of `word` and one that is not, or an end of the text. */
  | { readonly kind: 'boundary'; readonly negated: boolean; readonly word: CharacterSet }
  | { readonly kind: 'look'; readonly ahead: boolean; readonly negated: boolean; readonly item: PatternNode }
  /** Something that needs more than regular languages, or has no counterpart here; `what` names it for people. */
  | { readonly kind: 'beyond'; readonly what: string };

/** `last-line-end` is Python's `$`: the end, and before a newline that ends the text. */
export type Position = 'text-start' | 'text-end' | 'line-start' | 'line-end' | 'last-line-end';

export const EMPTY_SEQUENCE: PatternNode = { kind: 'sequence', items: [] };
