import { fitsSchema, type Schema } from './fits-schema.ts';

type Random = () => number;

/** Arguments that a channel's schema allows, or nearly. */
export interface MessageMaker {
  /** As the schema says; ids are at times those of `known`, by the name of the member. */
  fitting(schema: Schema): unknown;
  /** The same with one thing in it that was changed, or something else altogether. */
  mutated(schema: Schema): unknown;
}

/** What people, pages and other programs never send, and what harms where somebody trusts it. */
const HOSTILE: readonly (() => unknown)[] = [
  () => JSON.parse('{"__proto__": {"polluted": true}}') as unknown,
  () => ({ constructor: { prototype: { polluted: true } } }),
  () => '__proto__',
  () => 'constructor',
  () => 'toString',
  () => '../../../../etc/passwd',
  () => '/etc/passwd',
  () => 'C:\\Windows\\win.ini',
  () => 'a\u0000b',
  () => '\ud800',
  () => '<img src=x onerror=alert(1)>',
  () => `'; drop table records; --`,
  () => 'x'.repeat(100_000),
  () => '['.repeat(50_000),
  () => nested(3_000),
  () => Array.from({ length: 20_000 }, () => null),
  () => null,
  () => undefined,
  () => true,
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => -0,
  () => -1,
  () => 2 ** 53,
  () => 1e308,
  () => 0.1,
  () => 10n ** 30n,
  () => '',
  () => [],
  () => ({}),
  () => new Map([['collection', 'movies']]),
  () => new Date(Number.NaN),
  () => new Uint8Array(8),
  () => ({ path: '/etc/passwd' }),
  () => ({ toJSON: 'no function' }),
];

const TEXTS = [
  'a',
  'movies/',
  '{}',
  '{"where": {"field": "n", "operator": ">", "value": 1}}',
  'select * from records',
  '{id}.json',
  'http://127.0.0.1:9',
  'us-east-1',
  'YQ==',
  '"etag"',
  '2026-01-02',
  '# ünïcode \u{1f600}',
];

const ALL_TEXTS = [...TEXTS, ...HOSTILE.map((make) => make()).filter((value) => typeof value === 'string')];

export function createMessageMaker(random: Random, known: Readonly<Record<string, readonly string[]>>): MessageMaker {
  const below = (count: number): number => Math.floor(random() * count);
  const oneOf = <T>(values: readonly T[]): T => {
    const value = values[below(values.length)];
    if (value === undefined) throw new Error('nothing to choose from');
    return value;
  };

  function text(schema: Schema, name: string): string {
    const given = known[name];
    if (given !== undefined && random() < 0.7) return oneOf(given);
    const { minLength = 0, maxLength = 1_000 } = schema;
    const texts = ALL_TEXTS.filter((each) => fitsSchema(schema, each));
    if (texts.length > 0) return oneOf(texts);
    return 'y'.repeat(Math.min(Math.max(minLength, 1), maxLength));
  }

  function number(schema: Schema, isInteger: boolean): number {
    const { minimum = -1_000, maximum = 1_000 } = schema;
    const chosen = oneOf([minimum, maximum, Math.min(minimum + 1, maximum), minimum + random() * (maximum - minimum)]);
    return isInteger ? Math.ceil(chosen) : chosen;
  }

  function fitting(schema: Schema, name = ''): unknown {
    const alternatives = schema.anyOf ?? schema.oneOf;
    if (alternatives !== undefined) return fitting(oneOf(alternatives), name);
    if ('const' in schema) return schema.const;
    if (schema.enum !== undefined) return oneOf(schema.enum);
    if (schema.type === undefined) return oneOf(HOSTILE)();
    switch (oneOf([schema.type].flat())) {
      case 'null':
        return null;
      case 'boolean':
        return random() < 0.5;
      case 'integer':
        return number(schema, true);
      case 'number':
        return number(schema, false);
      case 'string':
        return text(schema, name);
      case 'array': {
        const { minItems = 0, maxItems = 3, items = {} } = schema;
        const length = Math.min(minItems + below(3), maxItems);
        return Array.from({ length }, () => fitting(items, name));
      }
      default:
        return object(schema);
    }
  }

  function object(schema: Schema): Record<string, unknown> {
    const { properties = {}, required = [], additionalProperties } = schema;
    const members = Object.entries(properties)
      .filter(([name]) => required.includes(name) || random() < 0.5)
      .map(([name, member]): [string, unknown] => [name, fitting(member, name)]);
    if (typeof additionalProperties === 'object') members.push([oneOf(TEXTS), fitting(additionalProperties)]);
    return Object.fromEntries(members);
  }

  /** One place somewhere in it. */
  function changed(value: unknown): unknown {
    if (Array.isArray(value) && value.length > 0 && random() < 0.7) {
      const place = below(value.length);
      return value.map((item: unknown, index) => (index === place ? changed(item) : item));
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return oneOf(HOSTILE)();
    const entries: [string, unknown][] = Object.entries(value);
    const chosen = below(entries.length + 2);
    const entry = entries[chosen];
    if (entry === undefined) {
      // Own members by the names of everybody's prototype are a message's as any other.
      const name = oneOf(['__proto__', 'constructor', 'extra', 'path', 'then']);
      return JSON.parse(
        `${JSON.stringify(Object.fromEntries(entries), plain).slice(0, -1)}${entries.length > 0 ? ',' : ''}"${name}":{"polluted":true}}`,
      ) as unknown;
    }
    const [name, member] = entry;
    const way = below(4);
    if (way === 0) return Object.fromEntries(entries.filter(([each]) => each !== name));
    if (way === 1) return { ...value, [name]: [member] };
    return { ...value, [name]: way === 2 ? oneOf(HOSTILE)() : changed(member) };
  }

  return {
    fitting: (schema) => fitting(schema),
    mutated: (schema) => (random() < 0.1 ? oneOf(HOSTILE)() : changed(fitting(schema))),
  };
}

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { where: value };
  return value;
}

function plain(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
