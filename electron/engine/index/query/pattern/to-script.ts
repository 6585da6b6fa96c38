import { AppFailure } from '../../../../../shared/result.ts';
import type { CharacterSet } from './character-set.ts';
import { mayBeEmpty } from './neighbours.ts';
import type { PatternNode, Position } from './pattern-node.ts';

/** Nested repetitions multiplied: an empty match is repeated so often before anything else is looked at. */
const MOST_REPETITIONS = 100_000;

/**
 * The same pattern for JavaScript, where code points, look-arounds and ends are all to be had. It goes back and tries again,
 * so that it may take for ever: see `PatternClock`. `pattern-refused` for what JavaScript does not have, or has otherwise.
 */
export function toScript(node: PatternNode): RegExp {
  // V8 also tries the middle of a surrogate pair, where a character at least is not found.
  const guard = mayBeEmpty(node) ? '(?=[^]|$)' : '';
  return new RegExp(`${guard}(?:${source(node, 1)})`, 'u');
}

function source(node: PatternNode, times: number): string {
  switch (node.kind) {
    case 'set':
      return scriptSet(node.set);
    case 'sequence':
      return node.items.map((item) => source(item, times)).join('');
    case 'choice':
      return `(?:${node.options.map((option) => source(option, times)).join('|')})`;
    case 'repeat': {
      const copies = Math.max(node.least, 1) * times;
      if (copies > MOST_REPETITIONS)
        throw refused(`it repeats something more than ${MOST_REPETITIONS.toLocaleString('en')} times`);
      return `(?:${source(node.item, copies)}){${node.least},${node.most ?? ''}}`;
    }
    case 'position':
      return POSITIONS[node.at];
    case 'boundary': {
      const word = scriptSet(node.word);
      return node.negated
        ? `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word})(?!^$))`
        : `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
    }
    case 'look':
      return `(?${node.ahead ? '' : '<'}${node.negated ? '!' : '='}${source(node.item, times)})`;
    case 'beyond':
      throw refused(`it has ${node.what}`);
  }
}

/** Without the flag `m`, `^` and `$` are the ends of the text. */
const POSITIONS: Readonly<Record<Position, string>> = {
  'text-start': '^',
  'text-end': '$',
  'line-start': '(?:^|(?<=\\n))',
  'line-end': '(?=\\n|$)',
  'last-line-end': '(?=\\n?$)',
};

function scriptSet({ ranges }: CharacterSet): string {
  const inside = ranges.map(([first, last]) => `\\u{${first.toString(16)}}-\\u{${last.toString(16)}}`).join('');
  return `[${inside}]`;
}

export function refused(reason: string): AppFailure {
  return new AppFailure(
    'pattern-refused',
    `This regular expression cannot be searched exactly: ${reason}. Write it another way, or use like or starts_with.`,
  );
}
