import { parseQuery } from '../../../../electron/engine/index/query/parse-query.ts';
import {
  BARE_OPERATORS,
  type Group,
  LENGTH_OPERATORS,
  LIST_OPERATORS,
  type Operator,
  type Place,
  type Query,
  type QueryValue,
  type Rule,
  TEXT_OPERATORS,
  TIME_UNITS,
  VALUE_TYPES,
} from '../../../../shared/query.ts';

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** JSON texts of values that are easily compared wrongly; records and queries draw from the same ones, so that they meet. */
export const ODD_VALUES: readonly string[] = [
  ['null', 'true', 'false', '0', '-0', '-0.0', '1', '1.0', '2', '2.5', '-3', '1e3', '1000', '0.1', '1e-320'],
  ['9007199254740991', '9007199254740992', '9007199254740993', '9007199254740992.0', '-9007199254740993'],
  ['170141183460469231731687303715884105727', '-170141183460469231731687303715884105728', `1${'0'.repeat(40)}`, '1e40'],
  [`-1${'0'.repeat(40)}`, `1${'0'.repeat(320)}`, `-1${'0'.repeat(320)}`, '1e308', '12345678901234567890'],
  ['""', '"a"', '"A"', '"b"', '"ab"', '"a%b"', '"a_b"', '"a\\\\b"', '"a\\nb"', '"x.y"', '"1"', '"true"', '"null"'],
  [
    '"\\u0000"',
    '"\\u0001"',
    '"a\\u0000b"',
    '"ß"',
    '"ẞ"',
    '"Σίσυφος"',
    '"ΣΊΣΥΦΟΣ"',
    '"K"',
    '"k"',
    '"ﬀ"',
    '"ä"',
    '"a\\u0308"',
  ],
  ['"\\uff21"', '"\\ud83d\\ude00"', '"\\ud83d\\ude00b"', '"\\ud7ff"', '"\\ue000"'],
  ['"2024"', '"20240105"', '"2024-01-05"', '"2024-01-05T00:00:00"', '"2024-01-05T00:00:00Z"', '"2024-01-05 10:30"'],
  [
    '"2024-01-05T01:00:00+01:00"',
    '"2024-01-04T23:00:00-01:00"',
    '"2024-W01-5"',
    '"2024-13-01"',
    '"2024-01-05x"',
    '"T"',
  ],
  ['"0001-01-01T00:00:00+14:00"', '"9999-12-31T23:59:59.999999-14:00"', '"2024-01-05T00:00:00.000001"'],
  [
    '[]',
    '[1]',
    '[1.0]',
    '[true]',
    '["a"]',
    '["a", 1]',
    '[1, "a"]',
    '[null]',
    '[[]]',
    '[1, 2]',
    '[1, 2, 3]',
    '[{"x": 1}]',
  ],
  ['{}', '{"x": 1}', '{"x": 1.0, "y": [true]}', '{"y": [1], "x": true}', '{"": 0}'],
].flat();

/** Python's json writes and reads them; a value with half a surrogate pair is one that few things can carry. */
export const ODDEST_VALUES: readonly string[] = [
  ['NaN', 'Infinity', '-Infinity', '[NaN]', '{"x": NaN}', '"\\ud83d"', '"\\udc00a"', '"a\\ud83d"', '["\\ud83d"]'],
].flat();

export const FIELDS: readonly string[] = [
  'id',
  'a',
  'b',
  'c',
  'c.x',
  'c.y',
  'rare',
  'nope',
  'metadata.m',
  'metadata.x',
  'fields.id',
];

export interface RandomQueries {
  readonly pick: <T>(from: readonly T[]) => T;
  /** JSON text of a flat record's fields. */
  readonly fields: () => string;
  readonly metadata: () => string;
  /** A body of dataknobs' second wire format. */
  readonly body: () => string;
  readonly query: () => Query;
}

export interface Vocabulary {
  readonly values: readonly string[];
  readonly fields: readonly string[];
  readonly patterns: readonly string[];
  readonly likes: readonly string[];
  /** Those that conditions use. */
  readonly operators: readonly Operator[];
  /** Reads the JSON text of a value. */
  readonly read: (text: string) => QueryValue;
}

export function randomQueries(random: () => number, vocabulary: Vocabulary): RandomQueries {
  const { values, fields, patterns, likes, operators, read } = vocabulary;
  function pick<T>(from: readonly T[]): T {
    const chosen = from[Math.floor(random() * from.length)];
    if (chosen === undefined) throw new Error('There is nothing to pick from.');
    return chosen;
  }
  const anyValue = (): QueryValue => read(pick(values));
  const names = (): readonly string[] => [
    'a',
    'b',
    'c',
    ...(random() < 0.05 ? ['rare'] : []),
    ...(random() < 0.1 ? ['metadata', 'id'] : []),
  ];
  const object = (from: readonly string[], wrapped = (_: string, text: string): string => text): string => {
    const members = from
      .filter(() => random() < 0.7)
      .map((name) => `${JSON.stringify(name)}: ${wrapped(JSON.stringify(name), pick(values))}`);
    return `{${members.join(', ')}}`;
  };
  const metadata = (): string => object(['m', 'x']);

  /** By the field's name, or as a path, which may lead into a list. */
  function place(): Place {
    const field = pick(fields);
    if (!operators.includes('length') || random() < 0.8) return { field };
    return { path: [...field.split('.'), ...(random() < 0.5 ? [pick([0, 1, 2])] : [])] };
  }

  function condition(): Rule {
    return { ...comparison(), ...(operators.includes('length') && random() < 0.05 ? { off: true } : {}) };
  }

  function comparison(): Rule {
    const at = place();
    const operator = pick(operators);
    if (LIST_OPERATORS.has(operator)) {
      return { ...at, operator, value: Array.from({ length: Math.floor(random() * 5) }, anyValue) };
    }
    if (BARE_OPERATORS.has(operator)) return { ...at, operator };
    if (operator === 'like' || operator === 'not_like') return { ...at, operator, value: pick(likes) };
    if (operator === 'regex') return { ...at, operator, value: pick(patterns) };
    if (operator === 'type_is') return { ...at, operator, value: pick(VALUE_TYPES) };
    if (operator === 'length') {
      return { ...at, operator, value: { operator: pick(LENGTH_OPERATORS), value: pick([0, 1, 2, 3]) } };
    }
    // Dates of the values are between one and three years ago.
    if (operator === 'within_last') {
      return { ...at, operator, value: { count: pick([0, 1, 20, 100]), unit: pick(TIME_UNITS) } };
    }
    const value = anyValue();
    if (operator === 'between' || operator === 'not_between') {
      return { ...at, operator, value: random() < 0.1 ? value : [value, anyValue()] };
    }
    return { ...at, operator, value: TEXT_OPERATORS.has(operator) && typeof value !== 'string' ? '' : value };
  }

  function group(depth: number): Group {
    const rules = Array.from({ length: Math.floor(random() * 4) }, () =>
      depth < 3 && random() < 0.35 ? group(depth + 1) : condition(),
    );
    return { combinator: pick(['and', 'or'] as const), not: random() < 0.3, rules };
  }

  return {
    pick,
    fields: () =>
      object(['a', 'b', 'c', ...(random() < 0.05 ? ['rare'] : []), ...(random() < 0.1 ? ['metadata', 'id'] : [])]),
    metadata,
    body: () =>
      `{"fields": ${object(names(), (name, value) => `{"name": ${name}, "value": ${value}}`)}, "metadata": ${metadata()}}`,
    query: () => ({
      where: random() < 0.2 ? condition() : group(0),
      sort: Array.from({ length: Math.floor(random() * 3) }, () => ({
        field: pick(fields),
        direction: pick(['asc', 'desc'] as const),
      })),
      ...(random() < 0.2 ? { limit: Math.floor(random() * 20), offset: Math.floor(random() * 10) } : {}),
    }),
  };
}

/** Reads the JSON text of a value as a query's. */
export function readValue(text: string): QueryValue {
  const { where } = parseQuery(`{"where": {"field": "a", "operator": "=", "value": ${text}}}`);
  if (where === undefined || !('value' in where)) throw new Error('There is no value.');
  return where.value ?? null;
}
