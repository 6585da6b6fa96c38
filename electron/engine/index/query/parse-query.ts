import { JsonSyntaxError } from '../../../../shared/json/json-syntax-error.ts';
import type { JsonNode, JsonObject } from '../../../../shared/json/node.ts';
import { readJson } from '../../../../shared/json/read-json.ts';
import {
  type Group,
  type Nearest,
  type Query,
  type Rule,
  type SortKey,
  VECTOR_METRICS,
} from '../../../../shared/query.ts';
import { AppFailure } from '../../../../shared/result.ts';
import { readCondition, readOff, readPlace } from './parse-condition.ts';
import { DEEPEST_QUERY, invalid, quoted, readItems, readMembers, readString, required } from './read-members.ts';

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
  const members = readMembers(root, '', ['where', 'sort', 'nearest', 'limit', 'offset', 'select']);
  const where = members.get('where');
  const sort = members.get('sort');
  const nearest = members.get('nearest');
  const limit = members.get('limit');
  const offset = members.get('offset');
  const select = members.get('select');
  if (sort !== undefined && nearest !== undefined)
    throw invalid('nearest', 'nearest stands in place of sort: the nearest comes first. Leave sort out.');
  return {
    ...(where === undefined ? {} : { where: readRule(where, 'where', 0) }),
    ...(sort === undefined ? {} : { sort: readItems(sort, 'sort').map(readSortKey) }),
    ...(nearest === undefined ? {} : { nearest: readNearest(nearest) }),
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
  const members = readMembers(node, path, ['combinator', 'not', 'rules', 'off']);
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
    ...readOff(members, path),
  };
}

function readSortKey(node: JsonNode, index: number): SortKey {
  const path = `sort[${index}]`;
  if (node.kind !== 'object') throw invalid(path, `${path} is not an object. Write {"field": …, "direction": "asc"}.`);
  const members = readMembers(node, path, ['field', 'path', 'object', 'tag', 'direction']);
  const place = readPlace(members, path);
  const written = members.get('direction');
  if (written === undefined) return { ...place, direction: 'asc' };
  const direction = readString(written, `${path}.direction`).trim().toLowerCase();
  if (direction === 'asc' || direction === 'desc') return { ...place, direction };
  throw invalid(`${path}.direction`, `${path}.direction is ${quoted(direction)}. Write "asc" or "desc".`);
}

function readNearest(node: JsonNode): Nearest {
  if (node.kind !== 'object')
    throw invalid(
      'nearest',
      'nearest is not an object. Write {"field": …, "vector": […], "metric": "cosine", "count": 10}.',
    );
  const members = readMembers(node, 'nearest', ['field', 'vector', 'metric', 'count']);
  const written = readString(required(members, 'metric', 'nearest'), 'nearest.metric').toLowerCase();
  const metric = VECTOR_METRICS.find((known) => known === written);
  if (metric === undefined)
    throw invalid('nearest.metric', `nearest.metric is ${quoted(written)}. Write one of ${VECTOR_METRICS.join(', ')}.`);
  const vector = readItems(required(members, 'vector', 'nearest'), 'nearest.vector').map((item, index) => {
    const number = item.kind === 'number' ? Number(item.text) : Number.NaN;
    if (Number.isFinite(number)) return number;
    throw invalid(`nearest.vector[${index}]`, `nearest.vector[${index}] is no finite number.`);
  });
  if (vector.length === 0) throw invalid('nearest.vector', 'nearest.vector is empty. Write its numbers.');
  const field = readString(required(members, 'field', 'nearest'), 'nearest.field');
  return { field, vector, metric, count: readCount(required(members, 'count', 'nearest'), 'nearest.count') };
}

function readCount(node: JsonNode, path: string): number {
  const value = node.kind === 'number' ? Number(node.text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= 0) return value + 0;
  throw invalid(path, `${path} is no whole number from 0 up. Write one, or leave ${path} out.`);
}
