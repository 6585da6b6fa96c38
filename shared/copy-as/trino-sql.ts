import { type CopySource } from './copy-source.ts';
import { jsonSql } from './json-sql.ts';
import { type SqlDialect, sqlLines, sqlText, type SqlValue } from './sql-dialect.ts';

/** For Athena, or Trino with its Hive connector: a table over the prefix, and the query. Throws CannotSay. */
export function trinoSql(source: CopySource): string {
  return jsonSql(source, dialectFor(source));
}

const TABLE = 'dipper_records';

function ofJson(json: string): SqlValue {
  return {
    text: `IF(json_format(${json}) LIKE '"%', json_extract_scalar(${json}, '$'))`,
    number: `CASE json_format(${json}) WHEN 'true' THEN 1e0 WHEN 'false' THEN 0e0 ELSE TRY_CAST(json_format(${json}) AS double) END`,
    json,
  };
}

function dialectFor({ bucket, prefix }: CopySource): SqlDialect {
  const folder = `s3://${bucket}/${prefix}`;
  const rest = `substr("$path", ${folder.length + 1})`;
  const id = `regexp_replace(${rest}, '\\.json$', '')`;
  const nothing = { text: 'CAST(NULL AS varchar)', number: 'CAST(NULL AS double)', json: null };
  return {
    name: 'Athena',
    statement: (where, order, notes) =>
      [
        '-- Athena (engine 3), or Trino with its Hive connector. A table over the prefix, once:',
        `CREATE EXTERNAL TABLE IF NOT EXISTS ${TABLE} (body string)`,
        "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe'",
        "WITH SERDEPROPERTIES ('input.regex' = '(.*)')",
        `LOCATION ${sqlText(folder)};`,
        '',
        '-- A record has to stand on one line of its object, as dataknobs and Dipper write it.',
        ...sqlLines(notes),
        'SELECT id, body FROM (',
        `  SELECT ${id} AS id, substr("$path", ${`s3://${bucket}/`.length + 1}) AS key,`,
        '    "$file_size" AS size, "$file_modified_time" AS last_modified, TRY(json_parse(body)) AS body',
        `  FROM ${TABLE}`,
        `) AS records`,
        `WHERE body IS NOT NULL${where === null ? '' : `\n  AND ${where}`}`,
        `ORDER BY ${order === null ? 'key' : `${order},\n  key`}`,
        '',
      ].join('\n'),
    value: (located) => {
      switch (located.in) {
        case 'body':
          return ofJson(`json_extract(body, ${sqlText(jsonPath(located.path))})`);
        case 'id':
        case 'key':
          return { ...nothing, text: located.in };
        case 'size':
          return { ...nothing, number: 'size' };
        case 'last_modified':
          return { ...nothing, text: "date_format(last_modified AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%i:%sZ')" };
      }
    },
    item: ofJson,
    exists: ({ text, number, json }) =>
      json === null ? `coalesce(${text}, CAST(${number} AS varchar)) IS NOT NULL` : `json_format(${json}) <> 'null'`,
    number: (value) => (Object.is(value, -0) ? '0' : String(value)),
    like: (text, pattern) => `lower(${text}) LIKE ${sqlText(pattern.toLowerCase())}`,
    regex: (text, pattern) => `regexp_like(${text}, ${sqlText(pattern)})`,
    endsWith: (text, end) =>
      end === '' ? `${text} IS NOT NULL` : `substr(${text}, -${Array.from(end).length}) = ${sqlText(end)}`,
    contains: (text, part) => `strpos(${text}, ${sqlText(part)}) > 0`,
    isType: (json, type) => {
      const text = `json_format(${json})`;
      switch (type) {
        case 'string':
          return `${text} LIKE '"%'`;
        case 'number':
          return `regexp_like(${text}, '^-?[0-9]')`;
        case 'boolean':
          return `${text} IN ('true', 'false')`;
        case 'list':
          return `${text} LIKE '[%'`;
        case 'object':
          return `${text} LIKE '{%'`;
        case 'null':
          return `${text} = 'null'`;
      }
    },
    isEmpty: (json) => `json_format(${json}) IN ('""', '[]', '{}')`,
    length: (json, text, operator, length) =>
      `coalesce(length(${text}), json_array_length(${json}), cardinality(TRY_CAST(${json} AS map(varchar, json)))) ${operator} ${length}`,
    anyItem: (json, name, condition) => `any_match(TRY_CAST(${json} AS array(json)), ${name} -> ${condition})`,
    withinLast: (text, count, unit) => {
      const span = unit === 'weeks' ? [7 * count, 'DAY'] : [count, unit.slice(0, -1).toUpperCase()];
      return `TRY(from_iso8601_timestamp(${text})) BETWEEN current_timestamp - INTERVAL '${span.join("' ")} AND current_timestamp`;
    },
    word: (word) => `strpos(lower(id || ' ' || json_format(body)), ${sqlText(word)}) > 0`,
  };
}

function jsonPath(path: readonly (string | number)[]): string {
  return `$${path.map((step) => `[${typeof step === 'number' ? step : JSON.stringify(step)}]`).join('')}`;
}
