import { type CopySource } from './copy-source.ts';
import { jsonSql } from './json-sql.ts';
import { type SqlDialect, sqlLines, sqlText, type SqlValue } from './sql-dialect.ts';

/** A script for DuckDB 1.3 or newer, which reads the objects out of S3 itself. Throws CannotSay. */
export function duckdbSql(source: CopySource): string {
  return jsonSql(source, dialectFor(source));
}

const MACROS = [
  'CREATE OR REPLACE TEMP MACRO text_of(value) AS',
  "  CASE WHEN json_type(value) = 'VARCHAR' THEN value->>'$' END;",
  'CREATE OR REPLACE TEMP MACRO number_of(value) AS CASE',
  "  WHEN json_type(value) IN ('UBIGINT', 'BIGINT', 'HUGEINT', 'DOUBLE') THEN (value->>'$')::DOUBLE",
  "  WHEN json_type(value) = 'BOOLEAN' THEN (value->>'$' = 'true')::INTEGER END;",
];

const TYPES = {
  string: ["'VARCHAR'"],
  number: ["'UBIGINT'", "'BIGINT'", "'HUGEINT'", "'DOUBLE'"],
  boolean: ["'BOOLEAN'"],
  list: ["'ARRAY'"],
  object: ["'OBJECT'"],
  null: ["'NULL'"],
} as const;

function ofJson(json: string): SqlValue {
  return { text: `text_of(${json})`, number: `number_of(${json})`, json };
}

function dialectFor(source: CopySource): SqlDialect {
  const { bucket, prefix, codec } = source;
  const folder = `s3://${bucket}/${prefix}`;
  const start = folder.length + 1;
  const id = `regexp_replace(substr(filename, ${start}), '\\.json$', '')`;
  const none = 'NULL::VARCHAR';
  return {
    name: 'DuckDB',
    statement: (where, order, notes) =>
      [
        '-- DuckDB 1.3 or newer. What is no JSON is left out.',
        ...sqlLines(notes),
        'INSTALL httpfs;',
        'LOAD httpfs;',
        ...secretLines(source),
        "SET TimeZone = 'UTC';",
        ...MACROS,
        '',
        'SELECT id, body FROM (',
        `  SELECT ${id} AS id, substr(filename, ${`s3://${bucket}/`.length + 1}) AS key, size, last_modified,`,
        '    TRY_CAST(content AS JSON) AS body',
        `  FROM read_text(${sqlText(`${globbed(folder)}**${codec === 'dataknobs' ? '/*.json' : ''}`)})`,
        ')',
        `WHERE body IS NOT NULL${where === null ? '' : `\n  AND ${where}`}`,
        `ORDER BY ${order === null ? 'key' : `${order},\n  key`};`,
        '',
      ].join('\n'),
    value: (located) => {
      switch (located.in) {
        case 'body':
          return ofJson(`(body->${sqlText(jsonPath(located.path))})`);
        case 'id':
        case 'key':
          return { text: located.in, number: 'NULL::DOUBLE', json: null };
        case 'size':
          return { text: none, number: 'size', json: null };
        case 'last_modified':
          return { text: "strftime(last_modified, '%Y-%m-%dT%H:%M:%SZ')", number: 'NULL::DOUBLE', json: null };
      }
    },
    item: ofJson,
    exists: ({ text, number, json }) =>
      json === null ? `coalesce(${text}, ${number}::VARCHAR) IS NOT NULL` : `json_type(${json}) <> 'NULL'`,
    number: (value) => (Object.is(value, -0) ? '0' : String(value)),
    like: (text, pattern) => `${text} ILIKE ${sqlText(pattern)}`,
    regex: (text, pattern) => `regexp_matches(${text}, ${sqlText(pattern)})`,
    endsWith: (text, end) => `ends_with(${text}, ${sqlText(end)})`,
    contains: (text, part) => `contains(${text}, ${sqlText(part)})`,
    isType: (json, type) => `json_type(${json}) IN (${TYPES[type].join(', ')})`,
    isEmpty: (json) => `${sizeOf(json)} = 0`,
    length: (json, _, operator, length) => `${sizeOf(json)} ${operator} ${length}`,
    anyItem: (json, name, condition) =>
      `list_bool_or(list_transform(CASE WHEN json_type(${json}) = 'ARRAY' THEN ${json}::JSON[] END, lambda ${name}: ${condition}))`,
    withinLast: (text, count, unit) =>
      `TRY_CAST(${text} AS TIMESTAMPTZ) BETWEEN now() - INTERVAL ${count} ${unit.slice(0, -1).toUpperCase()} AND now()`,
    word: (word) => `contains(lower(id || ' ' || body::VARCHAR), ${sqlText(word)})`,
  };
}

/** Code points, items or names. */
function sizeOf(json: string): string {
  return `CASE json_type(${json}) WHEN 'VARCHAR' THEN length(${json}->>'$') WHEN 'ARRAY' THEN json_array_length(${json}) WHEN 'OBJECT' THEN len(json_keys(${json})) END`;
}

/** Names in quotes, so that a number among them is no position of a list. */
function jsonPath(path: readonly (string | number)[]): string {
  return `$${path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${JSON.stringify(step)}`)).join('')}`;
}

/** What means something in a pattern of file names, as itself. */
function globbed(text: string): string {
  return text.replaceAll(/[*?[\]]/g, (sign) => `[${sign}]`);
}

function secretLines({ endpoint, region, pathStyle }: CopySource): readonly string[] {
  const [, scheme = '', host = ''] = /^(https?):\/\/([^/]+)/.exec(endpoint ?? '') ?? [];
  const members = [
    'TYPE s3, PROVIDER credential_chain',
    `REGION ${sqlText(region)}`,
    ...(host === '' ? [] : [`ENDPOINT ${sqlText(host)}`, `USE_SSL ${String(scheme === 'https')}`]),
    ...(pathStyle ? ["URL_STYLE 'path'"] : []),
  ];
  return ['INSTALL aws;', 'LOAD aws;', `CREATE OR REPLACE SECRET (${members.join(', ')});`];
}
