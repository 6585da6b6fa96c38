import type { JsonNode, JsonObject } from '../../../../shared/json/node.ts';
import {
  BARE_OPERATORS,
  type Condition,
  LENGTH_OPERATORS,
  LIST_OPERATORS,
  OBJECT_FACTS,
  type Operator,
  OPERATORS,
  type Place,
  type QueryValue,
  TEXT_OPERATORS,
  TIME_UNITS,
  VALUE_TYPES,
} from '../../../../shared/query.ts';
import { AppFailure } from '../../../../shared/result.ts';
import { compilePattern } from './pattern/compile-pattern.ts';
import { invalid, quoted, readItems, readMembers, readString, readValue, required } from './read-members.ts';
import { timeSpanOf } from './time-span.ts';
import { isList } from './value-node.ts';

const PLACES = ['field', 'path', 'object', 'tag'] as const;

export function readCondition(node: JsonObject, path: string): Condition {
  const members = readMembers(node, path, [...PLACES, 'operator', 'value', 'any', 'off'], ['value']);
  const off = readOff(members, path);
  const any = members.get('any');
  if (any !== undefined) {
    const other = [...members.keys()].find((name) => name !== 'any' && name !== 'off');
    if (other !== undefined)
      throw invalid(`${path}.${other}`, `${path} has ${other} beside any. A word is looked for alone.`);
    return { any: readWord(any, `${path}.any`), ...off };
  }
  const place = readPlace(members, path);
  const operator = readOperator(required(members, 'operator', path), `${path}.operator`);
  if (BARE_OPERATORS.has(operator)) return { ...place, operator, ...off };
  const valuePath = `${path}.value`;
  const value = readValue(required(members, 'value', path), valuePath, 0);
  checkValue(operator, value, valuePath);
  return { ...place, operator, value, ...off };
}

/** Whether a condition or group is kept without being applied. */
export function readOff(members: ReadonlyMap<string, JsonNode>, path: string): { readonly off?: boolean } {
  const off = members.get('off');
  if (off === undefined) return {};
  if (off.kind !== 'boolean') throw invalid(`${path}.off`, `${path}.off is no boolean. Write true or false.`);
  return { off: off.value };
}

export function readPlace(members: ReadonlyMap<string, JsonNode>, path: string): Place {
  const [name, other] = PLACES.filter((known) => members.has(known));
  if (name === undefined)
    throw invalid(`${path}.field`, `${path} has no field. Add one, or path, object or tag in its place.`);
  if (other !== undefined) throw invalid(`${path}.${other}`, `${path} has ${name} and ${other}. Keep one of them.`);
  const node = required(members, name, path);
  const namePath = `${path}.${name}`;
  switch (name) {
    case 'field':
      return { field: readString(node, namePath) };
    case 'tag':
      return { tag: readString(node, namePath) };
    case 'object': {
      const written = readString(node, namePath);
      const object = OBJECT_FACTS.find((fact) => fact === written);
      if (object !== undefined) return { object };
      throw invalid(
        namePath,
        `${quoted(written)} in ${namePath} is nothing that S3 says. Known: ${OBJECT_FACTS.join(', ')}.`,
      );
    }
    case 'path':
      return { path: readPath(node, namePath) };
  }
}

function readPath(node: JsonNode, path: string): readonly (string | number)[] {
  const steps = readItems(node, path).map((step, index) => {
    if (step.kind === 'string') return step.value;
    const position = step.kind === 'number' ? Number(step.text) : Number.NaN;
    if (Number.isSafeInteger(position) && position >= 0 && index > 0) return position + 0;
    throw invalid(`${path}[${index}]`, `${path}[${index}] is neither a name nor, behind one, a position from 0 up.`);
  });
  if (steps.length === 0) throw invalid(path, `${path} is empty. Begin it with the name of a field.`);
  return steps;
}

function readWord(node: JsonNode, path: string): string {
  const word = readString(node, path);
  if (word.trim() === '') throw invalid(path, `${path} is empty. Write what to look for.`);
  return word;
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
    if (!isList(value)) throw invalid(path, `${operator} wants a list in ${path}, such as ["a", "b"].`);
  } else if (TEXT_OPERATORS.has(operator)) {
    if (typeof value !== 'string') throw invalid(path, `${operator} wants a string in ${path}.`);
    if (operator === 'regex') checkPattern(value, path);
  } else if (operator === 'length') {
    checkLength(value, path);
  } else if (operator === 'within_last') {
    if (timeSpanOf(value) === null)
      throw invalid(
        path,
        `within_last wants {"count": 7, "unit": "days"} in ${path}; units are ${TIME_UNITS.join(', ')}.`,
      );
  } else if (operator === 'type_is' && !VALUE_TYPES.some((type) => type === value)) {
    throw invalid(path, `type_is wants one of ${VALUE_TYPES.join(', ')} in ${path}.`);
  }
}

function checkLength(value: QueryValue, path: string): void {
  const isObject = value !== null && typeof value === 'object' && !isList(value);
  const { operator, value: length, ...others } = isObject ? value : {};
  const isKnown = LENGTH_OPERATORS.some((known) => known === operator);
  const isCount = typeof length === 'number' && Number.isSafeInteger(length) && length >= 0;
  if (isKnown && isCount && Object.keys(others).length === 0) return;
  throw invalid(
    path,
    `length wants {"operator": ">", "value": 3} in ${path}: one of ${LENGTH_OPERATORS.join(' ')}, and a whole number from 0 up.`,
  );
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
