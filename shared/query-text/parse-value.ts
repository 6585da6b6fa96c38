import type { QueryValue } from '../query.ts';
import { QueryTextError } from './query-text-error.ts';
import { TokenReader } from './token-reader.ts';
import type { Mark } from './tokens.ts';

/** Lists in lists: as deep as the JSON form takes them. */
const DEEPEST = 100;

/** A value that stands alone. Throws QueryTextError. */
export function parseValueText(text: string): QueryValue {
  const reader = new TokenReader(text);
  const value = parseValue(reader);
  if (reader.peek().kind !== 'end') reader.fail('Behind the value something is too much.');
  return value;
}

/** A value as in JSON; a date may stand without quotes. */
export function parseValue(reader: TokenReader, depth = 0): QueryValue {
  if (depth > DEEPEST) reader.fail(`The value nests more than ${DEEPEST} deep. Write a simpler one.`);
  const token = reader.take();
  switch (token.kind) {
    case 'string':
      return token.value;
    case 'number':
      return numberOf(token.text);
    case 'mark':
      if (token.text === '[') return parseItems(reader, ']', depth);
      if (token.text === '{') return parseMembers(reader, depth);
      break;
    case 'word': {
      const value = WORDS.get(token.text);
      if (value !== undefined) return value;
      throw new QueryTextError(`A text is written in double quotes: "${token.text}".`, token.start);
    }
    case 'field':
      throw new QueryTextError(
        'A field can be compared with a value only; a text is written in double quotes.',
        token.start,
      );
    case 'end':
      break;
  }
  throw new QueryTextError('Here a value is missing.', token.start);
}

/** `("a", "b")`, or a list as in JSON. */
export function parseList(reader: TokenReader): QueryValue {
  if (reader.takeMark('(')) return parseItems(reader, ')', 0);
  if (reader.takeMark('[')) return parseItems(reader, ']', 0);
  return reader.fail('Here a list is missing, such as ("a", "b").');
}

const WORDS: ReadonlyMap<string, QueryValue> = new Map<string, QueryValue>([
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
]);

function parseItems(reader: TokenReader, end: Mark, depth: number): QueryValue {
  const items: QueryValue[] = [];
  if (reader.takeMark(end)) return items;
  do items.push(parseValue(reader, depth + 1));
  while (reader.takeMark(','));
  reader.needMark(end, `Here a comma or ${end} is missing.`);
  return items;
}

function parseMembers(reader: TokenReader, depth: number): QueryValue {
  // Without a prototype a member called __proto__ is one like any other.
  const members: { [name: string]: QueryValue } = { __proto__: null };
  if (reader.takeMark('}')) return members;
  do {
    const name = reader.take();
    if (name.kind !== 'string') throw new QueryTextError('Here a name in double quotes is missing.', name.start);
    reader.needMark(':', 'Behind the name a : is missing.');
    members[name.value] = parseValue(reader, depth + 1);
  } while (reader.takeMark(','));
  reader.needMark('}', 'Here a comma or } is missing.');
  return members;
}

/** All digits are kept: an integer that a double does not hold is a bigint. */
function numberOf(text: string): number | bigint {
  const value = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}
