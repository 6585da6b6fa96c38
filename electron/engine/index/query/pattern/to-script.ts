import type { CharacterSet } from './character-set.ts';
import { mayBeEmpty } from './neighbours.ts';
import type { PatternNode, Position } from './pattern-node.ts';

/** The same pattern for JavaScript, where code points, look-arounds and ends are all to be had. */
export function toScript(node: PatternNode): RegExp {
  // V8 also tries the middle of a surrogate pair, where a character at least is not found.
  const guard = mayBeEmpty(node) ? '(?=[^]|$)' : '';
  return new RegExp(`${guard}(?:${source(node)})`, 'u');
}

function source(node: PatternNode): string {
  switch (node.kind) {
    case 'set':
      return scriptSet(node.set);
    case 'sequence':
      return node.items.map(source).join('');
    case 'choice':
      return `(?:${node.options.map(source).join('|')})`;
    case 'repeat':
      return `(?:${source(node.item)}){${node.least},${node.most ?? ''}}`;
    case 'position':
      return POSITIONS[node.at];
    case 'boundary': {
      const word = scriptSet(node.word);
      return node.negated
        ? `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word})(?!^$))`
        : `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
    }
    case 'look':
      return `(?${node.ahead ? '' : '<'}${node.negated ? '!' : '='}${source(node.item)})`;
    case 'beyond':
      throw new Error(`No script for ${node.what}`);
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
