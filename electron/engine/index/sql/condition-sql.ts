import type { Condition, QueryValue, Rule } from '../../../../shared/query.ts';
import { isGroup } from '../../../../shared/query.ts';
import { boundsOf, conditionTest, type RecordTest, textOf } from '../query/evaluate.ts';
import { addressOfField } from '../query/field-address.ts';
import { likePattern } from '../query/like-pattern.ts';
import { compilePattern } from '../query/pattern/compile-pattern.ts';
import { isList, valueNode } from '../query/value-node.ts';
import { ROW_COLUMN, SLOT_KINDS, type Slot, type SlotKind, type Slots } from '../slots.ts';
import {
  column,
  equals,
  equalsOne,
  hasKind,
  hasValue,
  isLike,
  isOrdered,
  isString,
  isUnpairedText,
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
}

/** Puts conditions into SQL; what they need from bodies is left in `bodyConditions`. */
export class ConditionWriter {
  readonly bodyConditions: BodyCondition[] = [];
  readonly #slots: Slots;
  readonly #tableName: () => string;

  constructor(slots: Slots, tableName: () => string) {
    this.#slots = slots;
    this.#tableName = tableName;
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
    const slot = this.#slots.find(addressOfField(condition.field));
    if (slot === 'absent') return condition.operator === 'not_exists' ? TRUE : FALSE;
    if (slot === 'body') return this.#fromBody(condition, TRUE);
    if (condition.operator === 'exists') return hasValue(slot);
    if (condition.operator === 'not_exists') return isNotTrue(hasValue(slot));
    const kinds = kindsFromBody(slot, condition);
    if (kinds.length === 0) return columnCondition(slot, condition);
    const about = hasKind(slot, kinds);
    const isOther = sql`${column(slot, 'kind')} NOT IN (${raw(kinds.join(', '))})`;
    return anyOf([allOf([isOther, columnCondition(slot, condition)]), this.#fromBody(condition, about)]);
  }

  #fromBody(condition: Condition, about: Sql): Sql {
    const table = this.#tableName();
    this.bodyConditions.push({ table, about, test: conditionTest(condition) });
    return sql`${raw(ROW_COLUMN)} IN (SELECT ${raw(ROW_COLUMN)} FROM ${raw(table)})`;
  }
}

/** Kinds among the slot's whose rows only the body can answer for. */
function kindsFromBody(slot: Slot, { operator, value = null }: Condition): readonly SlotKind[] {
  const kinds: SlotKind[] = [SLOT_KINDS.unpairedString];
  const values = isList(value) && operator !== '=' && operator !== '!=' ? value : [value];
  if (values.some((one) => isUnpairedText(valueNode(one)))) {
    kinds.push(SLOT_KINDS.string, SLOT_KINDS.naiveDate, SLOT_KINDS.offsetDate);
  }
  if (comparesLists(operator, value)) kinds.push(SLOT_KINDS.list);
  return kinds.filter((kind) => slot.kinds.has(kind));
}

function comparesLists(operator: Condition['operator'], value: QueryValue): boolean {
  if (operator === 'between' || operator === 'not_between') return boundsOf(value)?.some(isList) ?? false;
  return ['>', '>=', '<', '<='].includes(operator) && isList(value);
}

function columnCondition(slot: Slot, { operator, value = null }: Condition): Sql {
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
      const like = isLike(slot, pattern, likePattern(pattern).re2);
      return operator === 'like' ? like : allOf([isString(slot), isNotTrue(like)]);
    }
    case 'regex':
      return matchesPattern(slot, compilePattern(textOf(value)).re2);
    case 'starts_with':
      return onString(slot, (text) => sql`starts_with(${text}, ${bound(textOf(value))})`);
  }
}

function isBetween(slot: Slot, value: QueryValue): Sql {
  const bounds = boundsOf(value);
  return bounds === null ? FALSE : allOf([isOrdered(slot, '>=', bounds[0]), isOrdered(slot, '<=', bounds[1])]);
}

function valueButNot(slot: Slot, condition: Sql): Sql {
  return allOf([hasValue(slot), isNotTrue(condition)]);
}
