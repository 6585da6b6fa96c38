import { type Group, isGroup, type Rule } from '../query.ts';
import { parseCondition } from './parse-condition.ts';
import { QueryTextError } from './query-text-error.ts';
import { TokenReader } from './token-reader.ts';

/** Groups in groups: as deep as the JSON form takes them. */
const DEEPEST = 100;

/**
 * Reads the text form of a query's `where`; null for an empty text. Throws QueryTextError.
 *
 * `and` binds tighter than `or`; `not` stands before a condition or a group. What stands between slash-star and star-slash is off:
 * kept, not applied; what joins it to the rule before may stand inside. `(and)`, `(or)` and `(or …)` write groups of none and
 * of one.
 */
export function parseWhere(text: string): Rule | null {
  const reader = new TokenReader(text);
  if (reader.peek().kind === 'end') return null;
  const rule = readChain(reader, 'or', 0).rule;
  const rest = reader.peek();
  if (rest.kind === 'end') return rule;
  if (reader.isMark(')')) throw new QueryTextError('This ) closes nothing.', rest.start);
  if (reader.isMark('*/')) throw new QueryTextError('This */ ends nothing.', rest.start);
  throw new QueryTextError('Here "and" or "or" is missing, or something is too much.', rest.start);
}

type Combinator = Group['combinator'];

/** `isOpen`: made of several by `and` or `or`, and not yet closed in by parentheses. */
interface ReadRule {
  readonly rule: Rule;
  readonly isOpen: boolean;
}

/** Rules joined by `combinator`; those joined by `and` are one of those joined by `or`. */
function readChain(reader: TokenReader, combinator: Combinator, depth: number): ReadRule {
  const rules: Rule[] = [];
  let only: ReadRule | null = null;
  do {
    only = combinator === 'or' ? readChain(reader, 'and', depth) : { rule: readUnit(reader, depth), isOpen: false };
    rules.push(only.rule);
    while (reader.isMark('/*') && reader.isWord(combinator, 1)) {
      reader.take();
      reader.take();
      rules.push(readOff(reader, depth));
    }
  } while (reader.takeWord(combinator));
  return rules.length === 1 ? only : { rule: { combinator, rules }, isOpen: true };
}

/** Behind what begins it. */
function readOff(reader: TokenReader, depth: number): Rule {
  const { rule } = readChain(reader, 'or', depth + 1);
  reader.needMark('*/', 'What is off has no */ behind it.');
  return { ...rule, off: true };
}

/** One condition, or a group in parentheses, or either of them with `not`, or switched off. */
function readUnit(reader: TokenReader, depth: number): Rule {
  if (depth > DEEPEST) reader.fail(`Groups nest more than ${DEEPEST} deep. Flatten them.`);
  if (reader.isWord('not')) {
    reader.take();
    const isInParentheses = reader.isMark('(');
    const rule = readUnit(reader, depth + 1);
    return isInParentheses && isGroup(rule) ? { ...rule, not: true } : { combinator: 'and', not: true, rules: [rule] };
  }
  if (reader.takeMark('/*')) return readOff(reader, depth);
  if (!reader.takeMark('(')) return parseCondition(reader);
  return readGroup(reader, depth);
}

/** Behind its `(`. */
function readGroup(reader: TokenReader, depth: number): Rule {
  const named = reader.takeWord('and') ? 'and' : reader.takeWord('or') ? 'or' : null;
  if (reader.takeMark(')')) return { combinator: named ?? 'and', rules: [] };
  const { rule, isOpen } = readChain(reader, 'or', depth + 1);
  reader.needMark(')', 'This group has no ) behind it.');
  return isOpen && named === null ? rule : { combinator: named ?? 'and', rules: [rule] };
}
