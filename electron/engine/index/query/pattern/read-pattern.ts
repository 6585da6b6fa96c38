import { AppFailure } from '../../../../../shared/result.ts';
import { type CharacterSet, complementOf, EVERY_CHARACTER, NEWLINE, singleCharacter } from './character-set.ts';
import { ignoringAsciiCase, ignoringCase } from './letter-case.ts';
import { DIGITS, OCTAL, octalCharacter, readEscape, wordSet } from './pattern-escape.ts';
import { EMPTY_SEQUENCE, type PatternNode } from './pattern-node.ts';
import { PatternSource } from './pattern-source.ts';
import { readClass } from './read-class.ts';

/** Groups in groups. Python's own limit is its recursion limit. */
const DEEPEST = 200;

interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly x: boolean;
  readonly a: boolean;
}

const NO_FLAGS: Flags = { i: false, m: false, s: false, x: false, a: false };

/** An item of a sequence, and what a quantifier behind it would say. */
interface Item {
  readonly node: PatternNode;
  readonly role: 'single' | 'position' | 'repeated';
}

/**
 * Reads a regular expression of Python 3.12's `re`, as `re.search` with a str pattern takes it (`re/_parser.py`).
 * `invalid-query` with the place where Python would raise.
 */
export function parsePattern(text: string): PatternNode {
  const reader = new PatternReader(text);
  return reader.read();
}

class PatternReader {
  readonly #source: PatternSource;
  /** Flags of the whole, which can only stand at its start. */
  #globalFlags = NO_FLAGS;
  #groups = 0;
  readonly #closed = new Set<number>();
  readonly #names = new Map<string, number>();
  readonly #conditions: number[] = [];

  constructor(text: string) {
    this.#source = new PatternSource(text);
  }

  read(): PatternNode {
    const node = this.#readChoice(null, 0);
    if (this.#source.peek() !== null) throw this.#source.invalid('a ) has no ( before it');
    if (this.#conditions.some((group) => group > this.#groups)) {
      throw this.#source.invalid('it refers to a group that is not there');
    }
    return node;
  }

  /** `flags` null: the global ones, which the first items may still set. */
  #readChoice(flags: Flags | null, depth: number): PatternNode {
    if (depth > DEEPEST) {
      throw new AppFailure('pattern-refused', `The regular expression nests more than ${DEEPEST} groups. Flatten it.`);
    }
    const options: PatternNode[] = [];
    do options.push(this.#readSequence(flags, depth, options.length === 0));
    while (this.#source.takeIf('|'));
    return options.length === 1 ? (options[0] ?? EMPTY_SEQUENCE) : { kind: 'choice', options };
  }

  #readSequence(scoped: Flags | null, depth: number, isFirst: boolean): PatternNode {
    const source = this.#source;
    const items: Item[] = [];
    for (;;) {
      const flags = scoped ?? this.#globalFlags;
      const token = source.peek();
      if (token === null || token === '|' || token === ')') break;
      source.take();
      if (flags.x && ' \t\n\r\v\f'.includes(token)) continue;
      if (flags.x && token === '#') {
        this.#skipLine();
      } else if (token === '*' || token === '+' || token === '?' || token === '{') {
        this.#readQuantifier(token, items);
      } else if (token === '(') {
        const item = this.#readGroup(flags, depth, scoped === null && depth === 0 && isFirst && items.length === 0);
        if (item !== null) items.push(item);
      } else {
        items.push(this.#readSingle(token, flags));
      }
    }
    const nodes = items.map((item) => item.node);
    return nodes.length === 1 ? (nodes[0] ?? EMPTY_SEQUENCE) : { kind: 'sequence', items: nodes };
  }

  #skipLine(): void {
    for (let token = this.#source.take(); token !== null && token !== '\n'; token = this.#source.take());
  }

  #readSingle(token: string, flags: Flags): Item {
    switch (token) {
      case '.':
        return single({ kind: 'set', set: flags.s ? EVERY_CHARACTER : complementOf(NEWLINE) });
      case '^':
        return position({ kind: 'position', at: flags.m ? 'line-start' : 'text-start' });
      case '$':
        return position({ kind: 'position', at: flags.m ? 'line-end' : 'last-line-end' });
      case '[': {
        const { set } = readClass(this.#source, flags.a, (read) => caseOf(read, flags));
        return single(set === null ? NAMED_CHARACTER : { kind: 'set', set });
      }
      case '\\A':
        return position({ kind: 'position', at: 'text-start' });
      case '\\Z':
        return position({ kind: 'position', at: 'text-end' });
      case '\\b':
      case '\\B':
        return position({ kind: 'boundary', negated: token === '\\B', word: wordSet(flags.a) });
      default:
        break;
    }
    if (!token.startsWith('\\')) return single(literal(token.codePointAt(0) ?? 0, flags));
    if (DIGITS.includes(token.charAt(1))) return this.#readNumberEscape(token.charAt(1), flags);
    const escape = readEscape(this.#source, token, flags.a);
    if (escape.kind === 'named') return single(NAMED_CHARACTER);
    return single(escape.kind === 'category' ? { kind: 'set', set: escape.set } : literal(escape.codePoint, flags));
  }

  /** An octal character, or a reference to a group. */
  #readNumberEscape(first: string, flags: Flags): Item {
    const source = this.#source;
    if (first === '0') return single(literal(octalCharacter(source, `0${source.takeWhile(OCTAL, 2)}`), flags));
    let digits = first + source.takeWhile(DIGITS, 1);
    if (digits.length === 2 && /^[0-7]{2}$/.test(digits)) {
      const third = source.takeWhile(OCTAL, 1);
      if (third !== '') {
        digits += third;
        return single(literal(octalCharacter(source, digits), flags));
      }
    }
    return this.#reference(Number(digits));
  }

  #reference(group: number): Item {
    if (group > this.#groups) throw this.#source.invalid(`there is no group ${group} before it`);
    if (!this.#closed.has(group)) throw this.#source.invalid('it refers to a group that is still open');
    return single({ kind: 'beyond', what: 'a reference to a group' });
  }

  #readQuantifier(token: string, items: Item[]): void {
    const source = this.#source;
    const start = source.position;
    let least = token === '+' ? 1 : 0;
    let most = token === '?' ? 1 : null;
    if (token === '{') {
      const braces = this.#readBraces();
      if (braces === null) {
        source.seek(start);
        items.push(single(literal(0x7b, NO_FLAGS)));
        return;
      }
      ({ least, most } = braces);
    }
    const item = items.pop();
    if (item === undefined || item.role === 'position') throw source.invalid('there is nothing to repeat', start - 1);
    if (item.role === 'repeated') throw source.invalid('a repetition is repeated', start - 1);
    const node: PatternNode = { kind: 'repeat', item: item.node, least, most };
    const isPossessive = !source.takeIf('?') && source.takeIf('+');
    items.push({ node: isPossessive ? { kind: 'beyond', what: 'a possessive repetition' } : node, role: 'repeated' });
  }

  /** Null where the brace is a character like any other. */
  #readBraces(): { least: number; most: number | null } | null {
    const source = this.#source;
    if (source.peek() === '}') return null;
    const low = source.takeWhile(DIGITS, Infinity);
    const isRange = source.takeIf(',');
    const high = isRange ? source.takeWhile(DIGITS, Infinity) : low;
    if (!source.takeIf('}')) return null;
    const least = low === '' ? 0 : Number(low);
    const most = high === '' ? null : Number(high);
    if (Math.max(least, most ?? 0) >= 0xffffffff) throw source.invalid('the repetition number is too large');
    if (most !== null && most < least) throw source.invalid('the least repetition is above the most');
    return { least, most };
  }

  /** Behind the `(`; null for what matches nothing by itself: a comment, flags of the whole. */
  #readGroup(flags: Flags, depth: number, mayBeGlobal: boolean): Item | null {
    const source = this.#source;
    const start = source.position - 1;
    if (!source.takeIf('?')) return this.#readCapture(null, flags, depth, start);
    const kind = source.take();
    switch (kind) {
      case null:
        throw source.invalid('it ends inside a group');
      case ':':
        return single(this.#readBody(flags, depth, start));
      case 'P':
        return this.#readPythonGroup(flags, depth, start);
      case '#':
        for (let token = source.take(); token !== ')'; token = source.take()) {
          if (token === null) throw source.invalid('the comment has no ) behind it', start);
        }
        return null;
      case '>':
        this.#readBody(flags, depth, start);
        return single({ kind: 'beyond', what: 'an atomic group' });
      case '=':
      case '!':
        return single({ kind: 'look', ahead: true, negated: kind === '!', item: this.#readBody(flags, depth, start) });
      case '<':
        return single(this.#readLookBehind(flags, depth, start));
      case '(':
        return this.#readConditional(flags, depth, start);
      default:
        return this.#readFlags(kind, flags, depth, start, mayBeGlobal);
    }
  }

  #readBody(flags: Flags, depth: number, start: number): PatternNode {
    const node = this.#readChoice(flags, depth + 1);
    if (!this.#source.takeIf(')')) throw this.#source.invalid('a ( has no ) behind it', start);
    return node;
  }

  #readCapture(name: string | null, flags: Flags, depth: number, start: number): Item {
    this.#groups++;
    const group = this.#groups;
    if (name !== null) {
      if (this.#names.has(name)) throw this.#source.invalid(`two groups are called ${name}`);
      this.#names.set(name, group);
    }
    const node = this.#readBody(flags, depth, start);
    this.#closed.add(group);
    return single(node);
  }

  #readPythonGroup(flags: Flags, depth: number, start: number): Item {
    const source = this.#source;
    if (source.takeIf('<')) return this.#readCapture(this.#readName('>'), flags, depth, start);
    if (!source.takeIf('=')) throw source.invalid('after (?P comes <name> or =name');
    const name = this.#readName(')');
    const group = this.#names.get(name);
    if (group === undefined) throw source.invalid(`there is no group called ${name}`);
    return this.#reference(group);
  }

  #readName(end: string): string {
    const name = this.#source.takeUntil(end, 'group name');
    if (!/^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(name))
      throw this.#source.invalid(`${name} is no name for a group`);
    return name;
  }

  #readLookBehind(flags: Flags, depth: number, start: number): PatternNode {
    const kind = this.#source.take();
    if (kind !== '=' && kind !== '!') throw this.#source.invalid('after (?< comes = or !');
    const item = this.#readBody(flags, depth, start);
    if (fixedWidth(item) === null) throw this.#source.invalid('what is looked for behind has no fixed length', start);
    return { kind: 'look', ahead: false, negated: kind === '!', item };
  }

  #readConditional(flags: Flags, depth: number, start: number): Item {
    const source = this.#source;
    const name = source.takeUntil(')', 'group name');
    if (/^\d+$/.test(name)) {
      if (Number(name) === 0) throw source.invalid('there is no group 0');
      this.#conditions.push(Number(name));
    } else if (!this.#names.has(name)) throw source.invalid(`there is no group called ${name}`);
    const choice = this.#readBody(flags, depth, start);
    if (choice.kind === 'choice' && choice.options.length > 2)
      throw source.invalid('a condition has more than two branches');
    return single({ kind: 'beyond', what: 'a group that depends on another' });
  }

  #readFlags(first: string, flags: Flags, depth: number, start: number, mayBeGlobal: boolean): Item | null {
    const source = this.#source;
    const added = new Set<string>();
    const removed = new Set<string>();
    let token: string | null = first;
    for (; token !== null && token !== ')' && token !== ':' && token !== '-'; token = source.take()) {
      if (!'imsxau'.includes(token)) throw source.invalid(`(?${token} is no group`);
      added.add(token);
    }
    if (added.has('a') && added.has('u')) throw source.invalid('the flags a and u exclude each other');
    if (token === ')') {
      if (!mayBeGlobal) throw source.invalid('flags of the whole expression stand at its start', start);
      this.#globalFlags = withFlags(flags, added, removed);
      return null;
    }
    if (token === '-') {
      for (token = source.take(); token !== null && token !== ':'; token = source.take()) {
        if (!'imsx'.includes(token)) throw source.invalid(`the flag ${token} cannot be turned off`);
        removed.add(token);
      }
      if (removed.size === 0) throw source.invalid('a flag is missing');
    }
    if (token === null) throw source.invalid('it ends inside flags');
    if ([...added].some((flag) => removed.has(flag))) throw source.invalid('a flag is turned on and off');
    return single(this.#readBody(withFlags(flags, added, removed), depth, start));
  }
}

const NAMED_CHARACTER: PatternNode = { kind: 'beyond', what: 'a character by its name' };

function single(node: PatternNode): Item {
  return { node, role: 'single' };
}

function position(node: PatternNode): Item {
  return { node, role: 'position' };
}

function withFlags(flags: Flags, added: ReadonlySet<string>, removed: ReadonlySet<string>): Flags {
  const of = (name: keyof Flags): boolean => (flags[name] || added.has(name)) && !removed.has(name);
  return { i: of('i'), m: of('m'), s: of('s'), x: of('x'), a: of('a') && !added.has('u') };
}

function caseOf(set: CharacterSet, flags: Flags): CharacterSet {
  if (!flags.i) return set;
  return flags.a ? ignoringAsciiCase(set) : ignoringCase(set);
}

function literal(codePoint: number, flags: Flags): PatternNode {
  return { kind: 'set', set: caseOf(singleCharacter(codePoint), flags) };
}

/** Characters that every match has; null where that varies (or is not known, and the pattern is refused anyway). */
function fixedWidth(node: PatternNode): number | null {
  switch (node.kind) {
    case 'set':
      return 1;
    case 'position':
    case 'boundary':
    case 'look':
      return 0;
    case 'sequence':
      return sum(node.items.map(fixedWidth));
    case 'choice': {
      const [first, ...others] = node.options.map(fixedWidth);
      return first !== undefined && others.every((width) => width === first) ? first : null;
    }
    case 'repeat': {
      const width = fixedWidth(node.item);
      if (width === 0 || node.most === 0) return 0;
      return width === null || node.least !== node.most ? null : width * node.least;
    }
    case 'beyond':
      return 1;
  }
}

function sum(widths: readonly (number | null)[]): number | null {
  return widths.reduce<number | null>((total, width) => (total === null || width === null ? null : total + width), 0);
}
