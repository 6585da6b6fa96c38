import { type CharacterSet, complementOf, onlyCharacter } from './character-set.ts';
import { after, before, canBeSkipped, isAmong, type Neighbour, OPEN_EDGE, UNKNOWN } from './neighbours.ts';
import type { PatternNode, Position } from './pattern-node.ts';

/** Whether a text has a match, in terms of RE2. */
export type Re2Test =
  /** `literal`: a text that every match holds, worth looking for first; null where there is none. */
  | { readonly kind: 'matches'; readonly pattern: string; readonly literal: string | null }
  | { readonly kind: 'not'; readonly test: Re2Test }
  | { readonly kind: 'all'; readonly tests: readonly Re2Test[] };

/** RE2's own limit of `{n,m}`, nested ones multiplied. */
const MOST_REPETITIONS = 1_000;
/** Of RE2's program for one pattern, in about its instructions; its default memory holds twice as much. */
const MOST_INSTRUCTIONS = 60_000;

/**
 * Says a pattern in RE2, exactly or not at all: null where Python's meaning cannot be kept.
 *
 * RE2 looks around less than Python: `\b` and classes are ASCII there, `$` means the very end, there are no look-arounds.
 * A condition only asks whether there is a match, so a match may be longer than Python's: what is looked for at an edge of
 * the pattern is taken into the match, and look-aheads behind `^` are tests of their own.
 */
export function toRe2(node: PatternNode): Re2Test | null {
  try {
    return say(node);
  } catch (error) {
    if (error instanceof BeyondRe2) return null;
    throw error;
  }
}

/** Thrown from deep inside of a pattern; the message is for who debugs. */
class BeyondRe2 extends Error {}

function say(node: PatternNode): Re2Test {
  const items = flatItems(node);
  const [start, ...rest] = items;
  if (start?.kind === 'position' && start.at === 'text-start') {
    const lookCount = rest.findIndex((item) => !(item.kind === 'look' && item.ahead));
    const looks = lookCount < 0 ? rest : rest.slice(0, lookCount);
    if (looks.length > 0) {
      const others = rest.slice(looks.length);
      const tests = looks.map((look): Re2Test => {
        if (look.kind !== 'look') return emitWhole([start, look]);
        const test = say({ kind: 'sequence', items: [start, look.item] });
        return look.negated ? { kind: 'not', test } : test;
      });
      return { kind: 'all', tests: others.length === 0 ? tests : [...tests, emitWhole([start, ...others])] };
    }
  }
  return emitWhole(items);
}

/** Sequences inside of sequences opened, so that neighbours are seen. */
function flatItems(node: PatternNode): readonly PatternNode[] {
  return node.kind === 'sequence' ? node.items.flatMap(flatItems) : [node];
}

function emitWhole(items: readonly PatternNode[]): Re2Test {
  const emitter = new Emitter();
  return {
    kind: 'matches',
    pattern: emitter.sequence(items, OPEN_EDGE, OPEN_EDGE, 1),
    literal: requiredLiteral(items),
  };
}

/** The longest run of single characters among items that every match has. */
function requiredLiteral(items: readonly PatternNode[]): string | null {
  let longest = '';
  let run = '';
  for (const item of items) {
    const codePoint = item.kind === 'set' ? onlyCharacter(item.set) : null;
    run = codePoint === null ? '' : run + String.fromCodePoint(codePoint);
    if (run.length > longest.length) longest = run;
  }
  return longest.length >= 2 && !/\p{Cs}/u.test(longest) ? longest : null;
}

class Emitter {
  #instructions = 0;

  sequence(items: readonly PatternNode[], preceding: Neighbour, following: Neighbour, times: number): string {
    const parts: string[] = [];
    for (const [index, item] of items.entries()) {
      const left = index === 0 ? preceding : before(items.slice(0, index), preceding);
      const rest = items.slice(index + 1);
      if (item.kind === 'position' && item.at === 'last-line-end') {
        const end = this.#lastLineEnd(rest, following);
        // Whatever may be left out behind the end is left out.
        if (end !== null) return [...parts, end].join('');
      }
      parts.push(this.#node(item, left, rest.length === 0 ? following : after(rest, following), times));
    }
    return parts.join('');
  }

  #node(node: PatternNode, left: Neighbour, right: Neighbour, times: number): string {
    switch (node.kind) {
      case 'set':
        return this.#set(node.set, times);
      case 'sequence':
        return this.sequence(flatItems(node), left, right, times);
      case 'choice':
        return `(?:${node.options.map((option) => this.#node(option, left, right, times)).join('|')})`;
      case 'repeat':
        return this.#repeat(node, left, right, times);
      case 'position':
        return positionText(node.at, left, right);
      case 'boundary':
        return this.#boundary(node.word, node.negated, left, right, times);
      case 'look':
        return this.#look(node, left, right, times);
      case 'beyond':
        throw new BeyondRe2(`it has ${node.what}`);
    }
  }

  #set(set: CharacterSet, times: number): string {
    this.#instructions += (set.ranges.length * 2 + 2) * times;
    if (this.#instructions > MOST_INSTRUCTIONS) throw new BeyondRe2('it is too large');
    return re2Set(set);
  }

  #repeat(
    { item, least, most }: Extract<PatternNode, { kind: 'repeat' }>,
    left: Neighbour,
    right: Neighbour,
    times: number,
  ): string {
    if (most === 0) return '';
    const copies = Math.max(least, most ?? 0, 1) * times;
    if (copies > MOST_REPETITIONS) throw new BeyondRe2(`it repeats something more than ${MOST_REPETITIONS} times`);
    // From the second time on, the neighbours are the item itself.
    const isOnce = most === 1;
    const inner = this.#node(item, isOnce ? left : UNKNOWN, isOnce ? right : UNKNOWN, copies);
    const counts = most === null ? `${least},` : `${least},${most}`;
    const quantifier =
      most === null && least < 2 ? (least === 0 ? '*' : '+') : isOnce && least === 0 ? '?' : `{${counts}}`;
    return `(?:${inner})${quantifier}`;
  }

  /** Python's `$` where nothing needs to follow: a newline before the end is taken into the match. */
  #lastLineEnd(rest: readonly PatternNode[], following: Neighbour): string | null {
    const atEnd = following.free || (following.end && following.set.ranges.length === 0);
    if (rest.every(canBeSkipped) && following.free) return '\\n?\\z';
    return rest.length === 0 && atEnd ? '\\n?\\z' : null;
  }

  #boundary(word: CharacterSet, negated: boolean, left: Neighbour, right: Neighbour, times: number): string {
    const isLeft = isAmong(left, word);
    const isRight = isAmong(right, word);
    // Python finds no \B in an empty text, where both sides are an end.
    if (negated && left.end && right.end) throw new BeyondRe2('it has \\B where the text may be empty');
    if (isLeft !== null && isRight !== null) return (isLeft !== isRight) !== negated ? '' : NEVER;
    if (isRight !== null && left.free) return this.#besideIn(word, isRight === negated, '\\A', true, times);
    if (isLeft !== null && right.free) return this.#besideIn(word, isLeft === negated, '\\z', false, times);
    throw new BeyondRe2(`it has ${negated ? '\\B' : '\\b'} where the characters on both sides vary`);
  }

  /** One more character at an edge: of the set, or else not of the set or no character at all. */
  #besideIn(set: CharacterSet, isIn: boolean, edge: string, isLeft: boolean, times: number): string {
    if (isIn) return this.#set(set, times);
    const other = this.#set(complementOf(set), times);
    return isLeft ? `(?:${edge}|${other})` : `(?:${other}|${edge})`;
  }

  #look(
    { ahead, negated, item }: Extract<PatternNode, { kind: 'look' }>,
    left: Neighbour,
    right: Neighbour,
    times: number,
  ): string {
    const name = `it has a look-${ahead ? 'ahead' : 'behind'}`;
    if (!(ahead ? right : left).free) throw new BeyondRe2(`${name} in its middle`);
    if (!negated) return ahead ? this.#node(item, left, OPEN_EDGE, times) : this.#node(item, OPEN_EDGE, right, times);
    const only = flatItems(item);
    const [set] = only;
    if (only.length !== 1 || set?.kind !== 'set')
      throw new BeyondRe2(`${name} that must not match more than one character`);
    return this.#besideIn(set.set, false, ahead ? '\\z' : '\\A', !ahead, times);
  }
}

/**
 * An end of the text is only said where it depends: DuckDB turns a pattern of nothing but characters and ends into a
 * plain search, and takes `\A\A`, or an end on the wrong side of a character, for something else than RE2 does.
 */
function positionText(at: Position, left: Neighbour, right: Neighbour): string {
  switch (at) {
    case 'text-start':
      return endText(left, '\\A');
    case 'text-end':
      return endText(right, '\\z');
    case 'line-start':
      return '(?m:^)';
    case 'line-end':
      return '(?m:$)';
    case 'last-line-end':
      throw new BeyondRe2('it has $ before something else');
  }
}

function endText({ set, end }: Neighbour, text: string): string {
  if (!end) return NEVER;
  return set.ranges.length === 0 ? '' : text;
}

/** Matches nothing anywhere. */
const NEVER = '[^\\x{0}-\\x{10FFFF}]';

function re2Set(set: CharacterSet): string {
  if (set.ranges.length === 0) return NEVER;
  const only = onlyCharacter(set);
  if (only !== null) return re2Character(only);
  const others = complementOf(set);
  if (others.ranges.length === 0) return '(?s:.)';
  return others.ranges.length < set.ranges.length ? `[^${re2Ranges(others)}]` : `[${re2Ranges(set)}]`;
}

function re2Ranges({ ranges }: CharacterSet): string {
  return ranges
    .map(([first, last]) => (first === last ? re2Character(first) : `${re2Character(first)}-${re2Character(last)}`))
    .join('');
}

function re2Character(codePoint: number): string {
  const character = String.fromCodePoint(codePoint);
  return /^[A-Za-z0-9]$/.test(character) ? character : `\\x{${codePoint.toString(16).toUpperCase()}}`;
}
