import {
  LENGTH_OPERATORS,
  type Operator,
  OPERATORS,
  type QueryValue,
  type Rule,
  TIME_UNITS,
  VALUE_SHAPES,
  VALUE_TYPES,
} from '../query.ts';
import { parsePlace } from './parse-place.ts';
import { parseList, parseValue } from './parse-value.ts';
import { QueryTextError } from './query-text-error.ts';
import type { TokenReader } from './token-reader.ts';

/** `rating >= 8`, `tags[0] exists`, `@size > 1000`, `@any "word"`. */
export function parseCondition(reader: TokenReader): Rule {
  if (reader.isMark('@') && reader.isWord('any', 1)) {
    reader.take();
    reader.take();
    const word = reader.take();
    if (word.kind !== 'string') throw new QueryTextError('@any wants a word in double quotes.', word.start);
    return { any: word.value };
  }
  const place = parsePlace(reader);
  const operator = parseOperator(reader);
  switch (VALUE_SHAPES[operator]) {
    case 'none':
      return { ...place, operator };
    case 'one':
      return { ...place, operator, value: parseValue(reader) };
    case 'two':
      return { ...place, operator, value: parseBounds(reader) };
    case 'many':
      return { ...place, operator, value: parseList(reader) };
    case 'length':
      return { ...place, operator, value: parseLength(reader) };
    case 'span':
      return { ...place, operator, value: parseSpan(reader) };
    case 'type':
      return { ...place, operator, value: parseType(reader) };
  }
}

/** Words in any case, with blanks for underscores. */
function parseOperator(reader: TokenReader): Operator {
  const token = reader.peek();
  if (token.kind === 'mark') {
    const text = token.text === '==' ? '=' : token.text;
    const operator = OPERATORS.find((known) => known === text);
    if (operator !== undefined) {
      reader.take();
      return operator;
    }
  }
  const one = wordAt(reader, 0);
  const two = one === null ? null : wordAt(reader, 1);
  for (const [name, words] of [
    [`${one}_${two}`, 2],
    [`${one}`, 1],
  ] as const) {
    if (one === null || (words === 2 && two === null)) continue;
    const operator = OPERATORS.find((known) => known === name);
    if (operator === undefined) continue;
    for (let taken = 0; taken < words; taken += 1) reader.take();
    return operator;
  }
  return reader.fail(`Here an operator is missing. The operators are ${OPERATORS.join(' ')}.`);
}

function wordAt(reader: TokenReader, ahead: number): string | null {
  const token = reader.peek(ahead);
  return token.kind === 'word' ? token.text.toLowerCase() : null;
}

/** `1 and 5`; what is no pair, and so is between nothing, in parentheses. */
function parseBounds(reader: TokenReader): QueryValue {
  if (reader.takeMark('(')) {
    const value = parseValue(reader);
    reader.needMark(')', 'This ( has no ) behind it.');
    return value;
  }
  const low = parseValue(reader);
  if (!reader.takeWord('and')) reader.fail('between wants two values: between 1 and 5.');
  return [low, parseValue(reader)];
}

function parseLength(reader: TokenReader): QueryValue {
  const operator = parseOperator(reader);
  const known = LENGTH_OPERATORS.find((one) => one === operator);
  const token = reader.peek();
  if (known === undefined || token.kind !== 'number' || !/^\d+$/.test(token.text)) {
    return reader.fail('length wants a comparison with a whole number: length > 3.');
  }
  reader.take();
  return { operator: known, value: Number(token.text) };
}

function parseSpan(reader: TokenReader): QueryValue {
  const count = reader.take();
  const word = reader.take();
  const name = word.kind === 'word' ? word.text.toLowerCase() : '';
  const unit = TIME_UNITS.find((known) => known === name || known === `${name}s`);
  if (count.kind === 'number' && /^\d+$/.test(count.text) && unit !== undefined) {
    return { count: Number(count.text), unit };
  }
  throw new QueryTextError(`within_last wants a span such as 7 days; units are ${TIME_UNITS.join(', ')}.`, count.start);
}

function parseType(reader: TokenReader): QueryValue {
  const token = reader.take();
  const name = token.kind === 'word' ? token.text : token.kind === 'string' ? token.value : '';
  const type = VALUE_TYPES.find((known) => known === name.toLowerCase());
  if (type !== undefined) return type;
  throw new QueryTextError(`type_is wants one of ${VALUE_TYPES.join(', ')}.`, token.start);
}
