import {
  type AnyCondition,
  type Condition,
  isAny,
  isGroup,
  type PlaceCondition,
  type QueryValue,
  type Rule,
} from '../../../../shared/query.ts';
import { boundsOf, conditionTest, lengthOf, type RecordTest, textOf, typeNameOf } from '../query/evaluate.ts';
import { likePattern } from '../query/like-pattern.ts';
import { compilePattern } from '../query/pattern/compile-pattern.ts';
import { addressOf, isOutside, type PlaceAddress } from '../query/place.ts';
import { instantsOf, timeSpanOf } from '../query/time-span.ts';
import { isList, valueNode } from '../query/value-node.ts';
import { plainWord } from '../query/word-test.ts';
import { KEY_COLUMN, ROW_COLUMN, SLOT_KINDS, type Slot, type SlotAnswer, type SlotKind } from '../slots.ts';
import {
  column,
  equals,
  equalsOne,
  hasKind,
  hasValue,
  isEmpty,
  isLike,
  isOfType,
  isOrdered,
  isString,
  isUnpairedText,
  isWithin,
  matchesPattern,
  onString,
} from './slot-conditions.ts';
import { allOf, anyOf, bound, FALSE, isNotTrue, raw, type Sql, sql, TRUE } from './sql-text.ts';

/** A condition that columns cannot answer, for some rows or for all. */
export interface BodyCondition {
  /** Temporary table with the one column `row_id`: rows among the candidates of which the test is true. */
  readonly table: string;
  /** Which rows it is about, by its slot's kinds; TRUE for all. */
  readonly about: Sql;
  readonly test: RecordTest;
  /** It may take for ever. */
  readonly hasPattern: boolean;
}

/** A test of texts that RE2 cannot make: JavaScript makes it, of each different text once. */
export interface TextCondition {
  /** Temporary table with the one column `text`: the texts of which the test is true. */
  readonly table: string;
  /** Where the texts are. */
  readonly text: Sql;
  /** Rows whose texts they are. */
  readonly about: Sql;
  readonly test: (text: string) => boolean;
}

export interface ConditionContext {
  /** What has the values of a place. */
  readonly find: (address: PlaceAddress) => SlotAnswer;
  readonly tableName: () => string;
  /** Milliseconds since 1970, when the query began. */
  readonly now: number;
}

/** Puts conditions into SQL; what they need beside it is left in `bodyConditions` and `textConditions`. */
export class ConditionWriter {
  readonly bodyConditions: BodyCondition[] = [];
  readonly textConditions: TextCondition[] = [];
  readonly #context: ConditionContext;

  constructor(context: ConditionContext) {
    this.#context = context;
  }

  /** TRUE for exactly the rows that the rule is true of; FALSE or NULL for the others. */
  write(rule: Rule, isNegated = false): Sql {
    if (!isGroup(rule)) {
      const condition = this.#condition(rule);
      return isNegated ? isNotTrue(condition) : condition;
    }
    // De Morgan: negations end at conditions, where NULL is dealt with.
    const negated = isNegated !== (rule.not ?? false);
    const rules = rule.rules.map((inner) => this.write(inner, negated));
    return (rule.combinator === 'and') !== negated ? allOf(rules) : anyOf(rules);
  }

  #condition(condition: Condition): Sql {
    if (isAny(condition)) return this.#fromBody(condition, mayHold(condition));
    const address = addressOf(condition);
    const slot = this.#context.find(address);
    if (slot === 'absent') return condition.operator === 'not_exists' ? TRUE : FALSE;
    if (slot === 'body') return this.#fromBody(condition, TRUE);
    if (condition.operator === 'exists') return hasValue(slot);
    if (condition.operator === 'not_exists') return isNotTrue(hasValue(slot));
    // Keys, tags and what S3 says are UTF-8, and no lists: their columns answer everything.
    const kinds = isOutside(address) ? [] : kindsFromBody(slot, condition);
    if (kinds.length === 0) return this.#fromColumns(slot, condition);
    const about = hasKind(slot, kinds);
    const isOther = sql`${column(slot, 'kind')} NOT IN (${raw(kinds.join(', '))})`;
    return anyOf([allOf([isOther, this.#fromColumns(slot, condition)]), this.#fromBody(condition, about)]);
  }

  #fromBody(condition: Condition, about: Sql): Sql {
    const table = this.#context.tableName();
    const hasPattern = !isAny(condition) && condition.operator === 'regex';
    this.bodyConditions.push({ table, about, test: conditionTest(condition, this.#context.now), hasPattern });
    return sql`${raw(ROW_COLUMN)} IN (SELECT ${raw(ROW_COLUMN)} FROM ${raw(table)})`;
  }

  #fromColumns(slot: Slot, condition: PlaceCondition): Sql {
    const test = scriptTest(condition);
    if (test === null) return columnCondition(slot, condition, this.#context.now);
    const table = this.#context.tableName();
    const found = onString(slot, (text) => sql`${text} IN (SELECT text FROM ${raw(table)})`);
    if (found !== FALSE) {
      this.textConditions.push({ table, text: column(slot, 'text'), about: isString(slot), test });
    }
    return condition.operator === 'not_like' ? allOf([isString(slot), isNotTrue(found)]) : found;
  }
}

/** Null where the condition is none of patterns, or one that RE2 can say. */
function scriptTest({ operator, value = null }: PlaceCondition): TextCondition['test'] | null {
  if (operator === 'regex') {
    const { re2, script } = compilePattern(textOf(value));
    return re2 === null ? (text) => script.test(text) : null;
  }
  if (operator !== 'like' && operator !== 'not_like') return null;
  const pattern = likePattern(textOf(value));
  return pattern.re2 === null ? (text) => pattern.test(text) : null;
}

/** Rows in which the word can be: a JSON text that holds it, or that writes characters by their numbers. */
function mayHold({ any }: AnyCondition): Sql {
  const word = plainWord(any);
  if (word === null) return TRUE;
  const inBody = sql`contains(lower(body), ${bound(word)}) OR contains(body, ${bound('\\u00')})`;
  const rows = sql`SELECT ${raw(ROW_COLUMN)} FROM objects WHERE ${inBody}`;
  return sql`(contains(lower(${raw(KEY_COLUMN)}), ${bound(word)}) OR ${raw(ROW_COLUMN)} IN (${rows}))`;
}

/** Kinds among the slot's whose rows only the body can answer for. */
function kindsFromBody(slot: Slot, { operator, value = null }: PlaceCondition): readonly SlotKind[] {
  if (operator === 'type_is') return [];
  const kinds: SlotKind[] = [SLOT_KINDS.unpairedString];
  if (operator === 'length') kinds.push(SLOT_KINDS.object);
  const values = isList(value) && operator !== '=' && operator !== '!=' ? value : [value];
  if (values.some((one) => isUnpairedText(valueNode(one)))) {
    kinds.push(SLOT_KINDS.string, SLOT_KINDS.naiveDate, SLOT_KINDS.offsetDate);
  }
  if (comparesLists(operator, value)) kinds.push(SLOT_KINDS.list);
  return kinds.filter((kind) => slot.kinds.has(kind));
}

function comparesLists(operator: PlaceCondition['operator'], value: QueryValue): boolean {
  if (operator === 'any_of' || operator === 'all_of' || operator === 'length') return true;
  if (operator === 'between' || operator === 'not_between') return boundsOf(value)?.some(isList) ?? false;
  return ['>', '>=', '<', '<='].includes(operator) && isList(value);
}

function columnCondition(slot: Slot, { operator, value = null }: PlaceCondition, now: number): Sql {
  switch (operator) {
    case 'exists':
      return hasValue(slot);
    case 'not_exists':
      return isNotTrue(hasValue(slot));
    case '=':
      return equals(slot, value);
    case '!=':
      return valueButNot(slot, equals(slot, value));
    case '>':
    case '>=':
    case '<':
    case '<=':
      return isOrdered(slot, operator, value);
    case 'in':
      return equalsOne(slot, isList(value) ? value : []);
    case 'not_in':
      return valueButNot(slot, equalsOne(slot, isList(value) ? value : []));
    case 'between':
      return isBetween(slot, value);
    case 'not_between':
      return valueButNot(slot, isBetween(slot, value));
    case 'like':
    case 'not_like': {
      const pattern = textOf(value);
      const like = isLike(slot, pattern, said(likePattern(pattern).re2));
      return operator === 'like' ? like : allOf([isString(slot), isNotTrue(like)]);
    }
    case 'regex':
      return matchesPattern(slot, said(compilePattern(textOf(value)).re2));
    case 'starts_with':
      return onString(slot, (text) => sql`starts_with(${text}, ${bound(textOf(value))})`);
    case 'contains':
      return onString(slot, (text) => sql`contains(${text}, ${bound(textOf(value))})`);
    case 'ends_with':
      return onString(slot, (text) => sql`ends_with(${text}, ${bound(textOf(value))})`);
    case 'is_empty':
      return isEmpty(slot);
    case 'any_of':
    case 'all_of':
      // Of lists, and those are asked of the body.
      return FALSE;
    case 'length': {
      const { operator: comparison, value: length } = lengthOf(value);
      return onString(slot, (text) => sql`length(${text}) ${raw(comparison)} ${bound(length)}`);
    }
    case 'within_last': {
      const span = timeSpanOf(value);
      return span === null ? FALSE : isWithin(slot, instantsOf(span, now));
    }
    case 'type_is':
      return isOfType(slot, typeNameOf(value));
  }
}

function isBetween(slot: Slot, value: QueryValue): Sql {
  const bounds = boundsOf(value);
  return bounds === null ? FALSE : allOf([isOrdered(slot, '>=', bounds[0]), isOrdered(slot, '<=', bounds[1])]);
}

function valueButNot(slot: Slot, condition: Sql): Sql {
  return allOf([hasValue(slot), isNotTrue(condition)]);
}

/** What RE2 cannot say is asked of texts before. */
function said<T>(re2: T | null): T {
  if (re2 === null) throw new TypeError('RE2 cannot say the pattern.');
  return re2;
}
