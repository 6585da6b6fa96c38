import {
  type CharacterSet,
  EMPTY_SET,
  EVERY_CHARACTER,
  isDisjoint,
  isSubset,
  NEWLINE,
  unionOf,
} from './character-set.ts';
import type { PatternNode } from './pattern-node.ts';

/** What may stand beside a place in a pattern: one of these characters, or (`end`) an end of the text. */
export interface Neighbour {
  readonly set: CharacterSet;
  readonly end: boolean;
  /** Nothing of the pattern is on that side, so that a match may as well take one more character there. */
  readonly free: boolean;
}

export const OPEN_EDGE: Neighbour = { set: EVERY_CHARACTER, end: true, free: true };
export const UNKNOWN: Neighbour = { set: EVERY_CHARACTER, end: true, free: false };

/** Whether the neighbour is of the set: yes, no, or it depends. An end of the text is not. */
export function isAmong({ set, end }: Neighbour, wanted: CharacterSet): boolean | null {
  if (isDisjoint(set, wanted)) return false;
  return !end && isSubset(set, wanted) ? true : null;
}

/** What comes right after the beginning of these items, or of what follows them. */
export function after(items: readonly PatternNode[], following: Neighbour): Neighbour {
  return beside(items, following, 'first');
}

/** What comes right before the end of these items, or of what precedes them. */
export function before(items: readonly PatternNode[], preceding: Neighbour): Neighbour {
  return beside(items.toReversed(), preceding, 'last');
}

function beside(items: readonly PatternNode[], outside: Neighbour, side: Side): Neighbour {
  let set = EMPTY_SET;
  for (const item of items) {
    if (item.kind === 'position') {
      const edge = edgeOf(item.at, side);
      if (edge !== null) return { set: unionOf(set, edge), end: true, free: false };
      continue;
    }
    set = unionOf(set, characters(item, side));
    if (!mayBeEmpty(item)) return { set, end: false, free: false };
  }
  return items.length === 0 ? outside : { set: unionOf(set, outside.set), end: outside.end, free: false };
}

type Side = 'first' | 'last';

function edgeOf(at: string, side: Side): CharacterSet | null {
  if (side === 'first') {
    if (at === 'text-end') return EMPTY_SET;
    return at === 'last-line-end' || at === 'line-end' ? NEWLINE : null;
  }
  if (at === 'text-start') return EMPTY_SET;
  return at === 'line-start' ? NEWLINE : null;
}

/** The first (last) characters that matches of the node have; a superset does no harm. */
function characters(node: PatternNode, side: Side): CharacterSet {
  switch (node.kind) {
    case 'set':
      return node.set;
    case 'sequence': {
      let set = EMPTY_SET;
      for (const item of side === 'first' ? node.items : node.items.toReversed()) {
        set = unionOf(set, characters(item, side));
        if (!mayBeEmpty(item)) break;
      }
      return set;
    }
    case 'choice':
      return unionOf(...node.options.map((option) => characters(option, side)));
    case 'repeat':
      return node.most === 0 ? EMPTY_SET : characters(node.item, side);
    case 'position':
    case 'boundary':
    case 'look':
      return EMPTY_SET;
    case 'beyond':
      return EVERY_CHARACTER;
  }
}

export function mayBeEmpty(node: PatternNode): boolean {
  switch (node.kind) {
    case 'set':
      return false;
    case 'sequence':
      return node.items.every(mayBeEmpty);
    case 'choice':
      return node.options.some(mayBeEmpty);
    case 'repeat':
      return node.least === 0 || mayBeEmpty(node.item);
    case 'position':
    case 'boundary':
    case 'look':
    case 'beyond':
      return true;
  }
}

/** Whether the node matches the empty text wherever it stands: nothing in the way of that looks around. */
export function canBeSkipped(node: PatternNode): boolean {
  switch (node.kind) {
    case 'sequence':
      return node.items.every(canBeSkipped);
    case 'choice':
      return node.options.some(canBeSkipped);
    case 'repeat':
      return node.least === 0 || canBeSkipped(node.item);
    case 'set':
    case 'position':
    case 'boundary':
    case 'look':
    case 'beyond':
      return false;
  }
}
