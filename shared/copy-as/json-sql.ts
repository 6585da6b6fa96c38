import {
  type Condition,
  isAny,
  isGroup,
  isList,
  LENGTH_OPERATORS,
  type Place,
  type PlaceCondition,
  type QueryValue,
  type Rule,
  TIME_UNITS,
  VALUE_TYPES,
} from '../query.ts';
import { printPlace } from '../query-text/print-where.ts';
import { CannotSay, type CopySource, isBeyondDoubles, isDateLike, locate } from './copy-source.ts';
import { type SqlDialect, sqlText, type SqlValue } from './sql-dialect.ts';

/** The query as a statement over bodies of JSON. Throws CannotSay. */
export function jsonSql(source: CopySource, dialect: SqlDialect): string {
  return new JsonSql(source, dialect).statement();
}

class JsonSql {
  readonly #source: CopySource;
  readonly #dialect: SqlDialect;
  readonly #notes = new Set<string>();

  constructor(source: CopySource, dialect: SqlDialect) {
    this.#source = source;
    this.#dialect = dialect;
  }

  statement(): string {
    const { where, sort } = this.#source;
    const condition = where === null ? null : this.#rule(where, '  ');
    const order = sort.flatMap(({ direction, ...place }) => {
      const { text, number } = this.#value(place);
      // What has no value comes first, then numbers, then texts; the other way round when descending.
      const end = direction === 'asc' ? 'ASC NULLS FIRST' : 'DESC NULLS LAST';
      return [`${text} ${end}`, `${number} ${end}`];
    });
    return this.#dialect.statement(condition, order.length === 0 ? null : order.join(',\n  '), [...this.#notes]);
  }

  #rule(rule: Rule, indent: string): string {
    if (!isGroup(rule)) return this.#condition(rule);
    const { combinator, not = false, rules } = rule;
    const inner = `${indent}  `;
    const joined =
      rules.length === 0
        ? combinator === 'and'
          ? 'TRUE'
          : 'FALSE'
        : rules.map((each) => this.#rule(each, inner)).join(`\n${inner}${combinator.toUpperCase()} `);
    if (not) return negated(joined);
    return rules.length > 1 ? `(${joined})` : joined;
  }

  #value(place: Place): SqlValue {
    return this.#dialect.value(locate(place, this.#source.codec, this.#dialect.name));
  }

  #condition(condition: Condition): string {
    const dialect = this.#dialect;
    if (isAny(condition)) {
      if (this.#source.codec === 'dataknobs') {
        throw new CannotSay(`${dialect.name} would also find the words that dataknobs writes into each record.`);
      }
      this.#notes.add('A word is also found in the names of fields; what is not ASCII only where it is not escaped.');
      return dialect.word(condition.any.toLowerCase());
    }
    const value = this.#value(condition);
    const { text } = value;
    const { operator, value: wanted = null } = condition;
    switch (operator) {
      case 'exists':
        return dialect.exists(value);
      case 'not_exists':
        return negated(dialect.exists(value));
      case '=':
        return this.#equal(value, wanted);
      case '!=':
        return this.#other(value, this.#equal(value, wanted));
      case '>':
      case '>=':
      case '<':
      case '<=':
        return this.#ordered(value, operator, wanted);
      case 'between':
        return this.#between(value, wanted);
      case 'not_between':
        return this.#other(value, this.#between(value, wanted));
      case 'in':
        return this.#in(value, wanted);
      case 'not_in':
        return this.#other(value, this.#in(value, wanted));
      case 'like':
        return dialect.like(text, textOf(wanted));
      case 'not_like':
        return `(${text} IS NOT NULL AND ${negated(dialect.like(text, textOf(wanted)))})`;
      case 'regex':
        return dialect.regex(text, this.#pattern(textOf(wanted)));
      case 'starts_with':
        return `starts_with(${text}, ${sqlText(textOf(wanted))})`;
      case 'ends_with':
        return dialect.endsWith(text, textOf(wanted));
      case 'contains':
        return dialect.contains(text, textOf(wanted));
      case 'is_empty':
        return value.json === null ? `${text} = ''` : dialect.isEmpty(value.json);
      case 'any_of':
      case 'all_of': {
        if (value.json === null) return 'FALSE';
        const { json } = value;
        const items = (isList(wanted) ? wanted : []).map((one) =>
          dialect.anyItem(json, 'item', this.#equal(dialect.item('item'), one)),
        );
        if (items.length === 0) return operator === 'any_of' ? 'FALSE' : dialect.isType(json, 'list');
        return `(${items.join(operator === 'any_of' ? ' OR ' : ' AND ')})`;
      }
      case 'length':
        return this.#length(value, wanted);
      case 'within_last':
        return this.#withinLast(text, wanted);
      case 'type_is':
        return this.#type(condition, value);
    }
  }

  /** A value is there, and it is not so. */
  #other(value: SqlValue, condition: string): string {
    return `(${this.#dialect.exists(value)} AND ${negated(condition)})`;
  }

  #equal({ text, number }: SqlValue, wanted: QueryValue): string {
    if (wanted === null) return 'FALSE';
    if (typeof wanted === 'string') return `${text} = ${sqlText(wanted)}`;
    if (typeof wanted === 'object')
      throw new CannotSay(`${this.#dialect.name} is not asked for whole lists and objects.`);
    return `${number} = ${this.#number(wanted)}`;
  }

  #in(value: SqlValue, wanted: QueryValue): string {
    const list = (isList(wanted) ? wanted : []).filter((one) => one !== null);
    if (list.length === 0) return 'FALSE';
    const texts = list.filter((one) => typeof one === 'string');
    const others = list.filter((one) => typeof one !== 'string');
    const isOneOfTexts = `${value.text} IN (${texts.map(sqlText).join(', ')})`;
    const parts = [...(texts.length === 0 ? [] : [isOneOfTexts]), ...others.map((one) => this.#equal(value, one))];
    return parts.length === 1 ? parts.join('') : `(${parts.join(' OR ')})`;
  }

  #ordered({ text, number }: SqlValue, operator: string, wanted: QueryValue): string {
    if (wanted === null) return 'FALSE';
    if (typeof wanted === 'object') throw new CannotSay(`${this.#dialect.name} does not compare lists and objects.`);
    if (typeof wanted !== 'string') return `${number} ${operator} ${this.#number(wanted)}`;
    if (isDateLike(wanted)) {
      this.#notes.add('Dates are compared as texts: that is right where all are written in one form.');
    }
    return `${text} ${operator} ${sqlText(wanted)}`;
  }

  #between(value: SqlValue, wanted: QueryValue): string {
    if (!isList(wanted) || wanted.length !== 2) return 'FALSE';
    const [low = null, high = null] = wanted;
    return `(${this.#ordered(value, '>=', low)} AND ${this.#ordered(value, '<=', high)})`;
  }

  #number(value: number | bigint | boolean): string {
    if (typeof value === 'boolean') return value ? '1' : '0';
    if (isBeyondDoubles(value) || typeof value === 'bigint') {
      throw new CannotSay(`${this.#dialect.name} would not compare this number exactly: ${String(value)}.`);
    }
    return this.#dialect.number(value);
  }

  #pattern(pattern: string): string {
    const odd = /\(\?(?:[=!]|<[=!]|P[=>])|\\[1-9]|\\Z/.exec(pattern)?.[0];
    if (odd !== undefined) {
      throw new CannotSay(`${this.#dialect.name} has no ${odd} in its regular expressions.`);
    }
    this.#notes.add(
      'The regular expression is read by this engine: \\d, \\w and \\s may take fewer characters than in Python.',
    );
    return pattern;
  }

  #length({ json, text }: SqlValue, wanted: QueryValue): string {
    const { operator: name, value } = membersOf(wanted);
    const operator = LENGTH_OPERATORS.find((known) => known === name);
    if (operator === undefined || typeof value !== 'number') throw new CannotSay('This length cannot be said.');
    if (json === null) return `length(${text}) ${operator} ${value}`;
    return this.#dialect.length(json, text, operator, value);
  }

  #withinLast(text: string, wanted: QueryValue): string {
    const { count, unit: name } = membersOf(wanted);
    const unit = TIME_UNITS.find((known) => known === name);
    if (unit === undefined || typeof count !== 'number') throw new CannotSay('This span of time cannot be said.');
    return this.#dialect.withinLast(text, count, unit);
  }

  #type(condition: PlaceCondition, { json, text, number }: SqlValue): string {
    const type = VALUE_TYPES.find((known) => known === condition.value);
    if (type === undefined) throw new CannotSay(`There is no such type: ${printPlace(condition)}.`);
    if (json !== null) return this.#dialect.isType(json, type);
    return type === 'string' ? `${text} IS NOT NULL` : type === 'number' ? `${number} IS NOT NULL` : 'FALSE';
  }
}

/** The plain negation: true also where the condition is NULL. */
function negated(condition: string): string {
  return `NOT coalesce(${condition}, FALSE)`;
}

function textOf(value: QueryValue): string {
  return typeof value === 'string' ? value : '';
}

function membersOf(value: QueryValue): { readonly [name: string]: QueryValue } {
  return value !== null && typeof value === 'object' && !isList(value) ? value : {};
}
