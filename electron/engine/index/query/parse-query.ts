import { JsonSyntaxError } from '../../../../shared/json/json-syntax-error.ts';
import type { JsonNode, JsonObject } from '../../../../shared/json/node.ts';
import { readJson } from '../../../../shared/json/read-json.ts';
import {
  type Condition,
  type Group,
  LIST_OPERATORS,
  OPERATORS,
  TEXT_OPERATORS,
  type Operator,
  type Query,
  type QueryValue,
  type Rule,
  type SortKey,
} from '../../../../shared/query.ts';
import { AppFailure } from '../../../../shared/result.ts';
import { compilePattern } from './pattern/compile-pattern.ts';

/** Groups in groups, and lists in lists of a value. Nobody means more, and what works on queries may recurse. */
export const DEEPEST_QUERY = 100;

/**
 * Reads a query from its JSON text and says what is wrong with it before anything runs: `invalid-query` with the place in
 * `detail.path` (`where.rules[2].operator`), or line and column where the text is no JSON; `pattern-refused` for a regular
 * expression that Python takes and Dipper cannot search exactly.
 *
 * Operators are known in any case, with blanks for underscores, and `==` for `=`. A value beside `exists` and `not_exists`
 * is ignored, as in dataknobs. Members that are null count as absent.
 */
export function parseQuery(text: string): Query {
  const root = readText(text);
  if (root.kind !== 'object')
    throw invalid('', 'A query is a JSON object such as {"where": …, "sort": …, "limit": 10}.');
  const members = readMembers(root, '', ['where', 'sort', 'limit', 'offset', 'select']);
  const where = members.get('where');
  const sort = members.get('sort');
  const limit = members.get('limit');
  const offset = members.get('offset');
  const select = members.get('select');
  return {
    ...(where === undefined ? {} : { where: readRule(where, 'where', 0) }),
    ...(sort === undefined ? {} : { sort: readItems(sort, 'sort').map(readSortKey) }),
    ...(limit === undefined ? {} : { limit: readCount(limit, 'limit') }),
    ...(offset === undefined ? {} : { offset: readCount(offset, 'offset') }),
    ...(select === undefined
      ? {}
      : { select: readItems(select, 'select').map((item, index) => readString(item, `select[${index}]`)) }),
  };
}

function readText(text: string): JsonNode {
  try {
    return readJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new AppFailure('invalid-query', `The query is not JSON: ${error.message}`, {
      detail: { line: error.line, column: error.column },
      cause: error,
    });
  }
}

function readRule(node: JsonNode, path: string, depth: number): Rule {
  if (node.kind !== 'object') throw invalid(path, `${path} is not an object. Write a condition or a group there.`);
  if (depth > DEEPEST_QUERY)
    throw invalid('where', `The groups of the query nest more than ${DEEPEST_QUERY} deep. Flatten it.`);
  const names = new Set(node.members.map((member) => member.name));
  return names.has('rules') || names.has('combinator') ? readGroup(node, path, depth) : readCondition(node, path);
}

function readGroup(node: JsonObject, path: string, depth: number): Group {
  const members = readMembers(node, path, ['combinator', 'not', 'rules']);
  const combinatorPath = `${path}.combinator`;
  const combinator = readString(required(members, 'combinator', path), combinatorPath).toLowerCase();
  if (combinator !== 'and' && combinator !== 'or') {
    throw invalid(combinatorPath, `${combinatorPath} is ${quoted(combinator)}. Write "and" or "or".`);
  }
  const not = members.get('not');
  if (not !== undefined && not.kind !== 'boolean') {
    throw invalid(`${path}.not`, `${path}.not is no boolean. Write true or false.`);
  }
  const rules = readItems(required(members, 'rules', path), `${path}.rules`);
  return {
    combinator,
    ...(not === undefined ? {} : { not: not.value }),
    rules: rules.map((rule, index) => readRule(rule, `${path}.rules[${index}]`, depth + 1)),
  };
}

function readCondition(node: JsonObject, path: string): Condition {
  const members = readMembers(node, path, ['field', 'operator', 'value'], ['value']);
  const field = readString(required(members, 'field', path), `${path}.field`);
  const operator = readOperator(required(members, 'operator', path), `${path}.operator`);
  if (operator === 'exists' || operator === 'not_exists') return { field, operator };
  const valuePath = `${path}.value`;
  const value = readValue(required(members, 'value', path), valuePath, 0);
  checkValue(operator, value, valuePath);
  return { field, operator, value };
}

function readOperator(node: JsonNode, path: string): Operator {
  const written = readString(node, path);
  const name = written.trim().toLowerCase().replaceAll(' ', '_');
  const operator = written === '==' ? '=' : OPERATORS.find((known) => known === name);
  if (operator !== undefined) return operator;
  throw invalid(path, `${quoted(written)} in ${path} is no operator. The operators are ${OPERATORS.join(', ')}.`);
}

function checkValue(operator: Operator, value: QueryValue, path: string): void {
  if (LIST_OPERATORS.has(operator)) {
    if (!Array.isArray(value)) throw invalid(path, `${operator} wants a list in ${path}, such as ["a", "b"].`);
  } else if (TEXT_OPERATORS.has(operator)) {
    if (typeof value !== 'string') throw invalid(path, `${operator} wants a string in ${path}.`);
    if (operator === 'regex') checkPattern(value, path);
  }
}

function checkPattern(pattern: string, path: string): void {
  try {
    compilePattern(pattern);
  } catch (error) {
    if (!(error instanceof AppFailure)) throw error;
    throw new AppFailure(error.error.code, error.message, {
      detail: { ...error.error.detail, path },
      cause: error,
    });
  }
}

function readSortKey(node: JsonNode, index: number): SortKey {
  const path = `sort[${index}]`;
  if (node.kind !== 'object') throw invalid(path, `${path} is not an object. Write {"field": …, "direction": "asc"}.`);
  const members = readMembers(node, path, ['field', 'direction']);
  const field = readString(required(members, 'field', path), `${path}.field`);
  const written = members.get('direction');
  if (written === undefined) return { field, direction: 'asc' };
  const direction = readString(written, `${path}.direction`).trim().toLowerCase();
  if (direction === 'asc' || direction === 'desc') return { field, direction };
  throw invalid(`${path}.direction`, `${path}.direction is ${quoted(direction)}. Write "asc" or "desc".`);
}

function readCount(node: JsonNode, path: string): number {
  const value = node.kind === 'number' ? Number(node.text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= 0) return value + 0;
  throw invalid(path, `${path} is no whole number from 0 up. Write one, or leave ${path} out.`);
}

function readValue(node: JsonNode, path: string, depth: number): QueryValue {
  if (depth > DEEPEST_QUERY)
    throw invalid(path, `The value nests more than ${DEEPEST_QUERY} deep. Write a simpler one.`);
  switch (node.kind) {
    case 'null':
      return null;
    case 'boolean':
    case 'string':
      return node.value;
    case 'number':
      return readNumber(node.text);
    case 'array':
      return node.items.map((item) => readValue(item, path, depth + 1));
    case 'object': {
      // Without a prototype a member called __proto__ is one like any other.
      const object: { [name: string]: QueryValue } = { __proto__: null };
      for (const { name, value } of node.members) object[name] = readValue(value, path, depth + 1);
      return object;
    }
  }
}

function readNumber(text: string): number | bigint {
  const value = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}

/** Members by name, the last of a name; null ones are absent but for those in `nullable`. */
function readMembers(
  node: JsonObject,
  path: string,
  known: readonly string[],
  nullable: readonly string[] = [],
): ReadonlyMap<string, JsonNode> {
  const members = new Map<string, JsonNode>();
  for (const { name, value } of node.members) {
    if (!known.includes(name)) {
      const place = path === '' ? 'the query' : path;
      throw invalid(
        path === '' ? name : `${path}.${name}`,
        `${quoted(name)} in ${place} is not known. Known there: ${known.join(', ')}.`,
      );
    }
    if (value.kind !== 'null' || nullable.includes(name)) members.set(name, value);
    else members.delete(name);
  }
  return members;
}

function required(members: ReadonlyMap<string, JsonNode>, name: string, path: string): JsonNode {
  const node = members.get(name);
  if (node === undefined) throw invalid(`${path}.${name}`, `${path} has no ${name}. Add one.`);
  return node;
}

function readString(node: JsonNode, path: string): string {
  if (node.kind !== 'string') throw invalid(path, `${path} is no string. Write it in double quotes.`);
  return node.value;
}

function readItems(node: JsonNode, path: string): readonly JsonNode[] {
  if (node.kind !== 'array') throw invalid(path, `${path} is no list. Write it in square brackets.`);
  return node.items;
}

function quoted(text: string): string {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return JSON.stringify(shown);
}

function invalid(path: string, message: string): AppFailure {
  return new AppFailure('invalid-query', message, path === '' ? {} : { detail: { path } });
}
