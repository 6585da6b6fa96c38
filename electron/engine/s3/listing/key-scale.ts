import { compareUtf8 } from '../../../../shared/utf8-order.ts';

/** Of a page of 1,000 keys so many are looked at: enough to see which symbols stand where. */
const SAMPLES = 64;
/** Positions that count beyond the first one at which the keys of a page differ. */
const PRECISION = 8;

/** Of what the keys of the first page have in common, so many positions are expected to change further on. */
const CARRY = 40;
/** Positions that are looked at. */
const MOST_POSITIONS = 64;

/** Keys that were listed one after the other. */
export interface Stretch {
  readonly first: string;
  readonly last: string;
  readonly count: number;
}

/** What was seen at one position of the keys. */
interface Position {
  /** Code points. */
  readonly symbols: Set<number>;
  /** A key ended before it. */
  ends: boolean;
  /** The symbol went down from one key to a later one: its highest one has been passed. */
  isWhole: boolean;
}

/** The values of a position, in order. */
interface Digit {
  readonly symbols: readonly number[];
  /** That a key ends is a value too, the lowest. */
  readonly ends: boolean;
}

/**
 * Keys as numbers, so that it can be said what lies half way between two: each position of a key is a digit whose values
 * are the symbols that were seen there or are to be expected. All this is guessing, to share out work evenly; what is
 * listed in the end does not depend on it.
 */
export class KeyScale {
  readonly #prefix: string;
  readonly #suffix: string;
  readonly #positions: Position[] = [];
  #digits: readonly Digit[] | null = null;

  /** `prefix`: what all keys begin with. `keys`: the first page, in order. */
  constructor(prefix: string, keys: readonly string[]) {
    const common = commonPrefix(keys[0] ?? '', keys.at(-1) ?? '');
    this.#prefix = common.slice(0, Math.max(prefix.length, common.length - CARRY));
    this.#suffix = commonSuffix(keys);
    this.learn(keys);
  }

  /** Takes note of keys, in order. */
  learn(keys: readonly string[]): void {
    let before: readonly number[] = [];
    const step = Math.max(1, Math.floor(keys.length / SAMPLES));
    for (let at = 0; at < keys.length; at += step) {
      const symbols = this.#symbolsOf(keys[at] ?? '');
      for (let place = 0; place <= symbols.length; place += 1) {
        const position = (this.#positions[place] ??= { symbols: new Set(), ends: false, isWhole: false });
        const symbol = symbols[place];
        const isWhole = position.isWhole || (symbol ?? Infinity) < (before[place] ?? 0);
        const isKnown = symbol === undefined ? position.ends : position.symbols.has(symbol);
        if (isKnown && isWhole === position.isWhole) continue;
        // Most pages hold nothing new, and to think it all over takes as long as to scan a page.
        this.#digits = null;
        position.isWhole = isWhole;
        if (symbol === undefined) position.ends = true;
        else position.symbols.add(symbol);
      }
      before = symbols;
    }
  }

  /** Keys between `from` and `to` (null: the end) if they lie there as densely as those of `stretch`; `most` at most. */
  count(stretch: Stretch, from: string, to: string | null, most: number): number {
    const ruler = this.#ruler(stretch);
    const room = (to === null ? ruler.size : ruler.measure(to)) - ruler.measure(from);
    const keys = (room * BigInt(stretch.count)) / ruler.length;
    return keys > BigInt(most) ? most : Math.max(0, Number(keys));
  }

  /** A text so many keys behind `from`, if they lie as densely as those of `stretch`; null where the scale ends before. */
  advance(stretch: Stretch, from: string, keys: number): string | null {
    const ruler = this.#ruler(stretch);
    const target = ruler.measure(from) + (ruler.length * BigInt(Math.ceil(keys))) / BigInt(stretch.count);
    return target < ruler.size ? ruler.textAt(target) : null;
  }

  #ruler({ first, last }: Stretch): Ruler {
    const one = this.#symbolsOf(first);
    const other = this.#symbolsOf(last);
    let same = 0;
    while (same < one.length && one[same] === other[same]) same += 1;
    this.#digits ??= expectedDigits(this.#positions);
    return new Ruler(this.#digits.slice(0, same + PRECISION), this.#prefix, (key) => this.#symbolsOf(key), first, last);
  }

  #symbolsOf(key: string): number[] {
    const { length } = this.#prefix;
    const end = key.endsWith(this.#suffix) ? key.length - this.#suffix.length : key.length;
    return Array.from(
      key.slice(length, Math.min(end, length + MOST_POSITIONS)),
      (symbol) => symbol.codePointAt(0) ?? 0,
    );
  }
}

function commonPrefix(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return one.slice(0, length);
}

/** From a character on that is neither letter nor digit, so that no number loses its last ones. */
function commonSuffix(keys: readonly string[]): string {
  let suffix = keys[0] ?? '';
  for (const key of keys) while (!key.endsWith(suffix)) suffix = suffix.slice(1);
  const from = suffix.search(/[^\p{L}\p{N}]/u);
  return from === -1 ? '' : suffix.slice(from);
}

/** The scale as fine as one stretch of keys needs it. */
class Ruler {
  /** From the first key of the stretch to its last, at least 1. */
  readonly length: bigint;
  /** First number beyond the scale. */
  readonly size: bigint;
  readonly #digits: readonly Digit[];
  /** What the keys of the scale begin with; others are before or behind all of it. */
  readonly #prefix: string;
  readonly #symbolsOf: (key: string) => readonly number[];

  constructor(
    digits: readonly Digit[],
    prefix: string,
    symbolsOf: (key: string) => readonly number[],
    first: string,
    last: string,
  ) {
    this.#digits = digits;
    this.#prefix = prefix;
    this.#symbolsOf = symbolsOf;
    this.size = digits.reduce((product, digit) => product * BigInt(values(digit)), 1n);
    const length = this.measure(last) - this.measure(first);
    this.length = length > 0n ? length : 1n;
  }

  measure(key: string): bigint {
    const symbols = this.#symbolsOf(key);
    if (!key.startsWith(this.#prefix)) return compareUtf8(key, this.#prefix) < 0 ? 0n : this.size;
    let number = 0n;
    /** Behind a symbol that is none of the values, the rest is as low or as high as it can be. */
    let rest: 'given' | 'lowest' | 'highest' = 'given';
    for (const [place, digit] of this.#digits.entries()) {
      const symbol = symbols[place];
      const below = symbol === undefined ? -1 : digit.symbols.findLastIndex((value) => value <= symbol);
      let value = below + (digit.ends ? 1 : 0);
      if (rest === 'highest') value = values(digit) - 1;
      else if (rest === 'lowest' || below === -1) {
        value = 0;
        rest = 'lowest';
      } else if (digit.symbols[below] !== symbol) rest = 'highest';
      number = number * BigInt(values(digit)) + BigInt(value);
    }
    return number;
  }

  textAt(number: bigint): string {
    let text = '';
    let rest = number;
    for (const digit of this.#digits.toReversed()) {
      const radix = BigInt(values(digit));
      const value = Number(rest % radix);
      rest /= radix;
      const symbol = digit.symbols[value - (digit.ends ? 1 : 0)];
      text = symbol === undefined ? '' : String.fromCodePoint(symbol) + text;
    }
    return this.#prefix + text;
  }
}

function values(digit: Digit): number {
  return digit.symbols.length + (digit.ends ? 1 : 0);
}

/**
 * The values to expect at each position. What was seen there says too little: a first page of hashes has one symbol at
 * its first position and all of them further back. So positions of one word share their symbols.
 */
function expectedDigits(positions: readonly Position[]): readonly Digit[] {
  const digits: Digit[] = [];
  for (const word of wordsOf(positions)) {
    const whole = word.filter(({ isWhole }) => isWhole);
    const seen = union(word);
    const isConstant = word.every(({ symbols, ends }) => symbols.size === 1 && !ends);
    let shared: ReadonlySet<number>;
    // The fixed text of "day=01" does not become "daz=01", but 2023 becomes 2024.
    if (isConstant && kindOf(seen) !== 'digits') shared = new Set();
    else shared = whole.length > 0 ? filled(seen) : completed(seen);
    for (const { symbols, ends, isWhole } of word) {
      digits.push({ symbols: inOrder(isWhole ? filled(symbols) : new Set([...symbols, ...shared])), ends });
    }
  }
  return digits;
}

/** Runs of positions that mean something together: one separator, digits, letters, or both where they are mixed. */
function wordsOf(positions: readonly Position[]): Position[][] {
  const words: Position[][] = [];
  let runs: { kind: Kind; word: Position[] }[] = [];
  const endRuns = (): void => {
    const isMixed = runs.some(({ kind }) => kind === 'mixed');
    words.push(...(isMixed ? [runs.flatMap(({ word }) => word)] : runs.map(({ word }) => word)));
    runs = [];
  };
  for (const position of positions) {
    const kind = kindOf(position.symbols);
    const last = runs.at(-1);
    if (kind === 'separator') {
      endRuns();
      words.push([position]);
    } else if (last?.kind === kind) last.word.push(position);
    else runs.push({ kind, word: [position] });
  }
  endRuns();
  return words;
}

type Kind = 'separator' | 'digits' | 'letters' | 'mixed';

function kindOf(symbols: ReadonlySet<number>): Kind {
  const text = String.fromCodePoint(...symbols);
  if (/^\p{N}+$/u.test(text)) return 'digits';
  if (/^\p{L}+$/u.test(text)) return 'letters';
  return symbols.size === 1 ? 'separator' : 'mixed';
}

function union(word: readonly Position[]): ReadonlySet<number> {
  return new Set(word.flatMap(({ symbols }) => [...symbols]));
}

/** With all digits where there are digits, and all letters where there are letters (of hexadecimal numbers only six). */
function completed(symbols: ReadonlySet<number>): ReadonlySet<number> {
  const all = new Set(symbols);
  const has = ([from, to]: Range): boolean => [...symbols].some((symbol) => symbol >= from && symbol <= to);
  for (const [first, last] of LETTERS) {
    const sixth = first + 5;
    if (has([first, last])) addRange(all, [first, has(DIGITS) && !has([sixth + 1, last]) ? sixth : last]);
  }
  if (has(DIGITS)) addRange(all, DIGITS);
  return all;
}

/** With all that stands between two digits or two letters of a kind. */
function filled(symbols: ReadonlySet<number>): ReadonlySet<number> {
  const all = new Set(symbols);
  for (const [from, to] of [DIGITS, ...LETTERS]) {
    const seen = [...symbols].filter((symbol) => symbol >= from && symbol <= to);
    if (seen.length > 0) addRange(all, [Math.min(...seen), Math.max(...seen)]);
  }
  return all;
}

type Range = readonly [from: number, to: number];
const DIGITS: Range = [0x30, 0x39];
const LETTERS: readonly Range[] = [
  [0x61, 0x7a],
  [0x41, 0x5a],
];

function addRange(symbols: Set<number>, [from, to]: Range): void {
  for (let symbol = from; symbol <= to; symbol += 1) symbols.add(symbol);
}

function inOrder(symbols: ReadonlySet<number>): readonly number[] {
  return [...symbols].toSorted((one, other) => one - other);
}
