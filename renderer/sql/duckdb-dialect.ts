import { SQLDialect } from '@codemirror/lang-sql';

/** The words that reading takes; a whole dialect would offer hundreds that are refused here. */
export const DUCKDB = SQLDialect.define({
  keywords: `all and any array as asc at between by case cast collate columns cross cube current desc describe distinct
    else end escape except exclude exists false fetch filter first following for from full glob group grouping having
    ilike in inner intersect interval is isnull join last lateral left like limit natural not notnull null nulls
    offset on or order outer over partition positional preceding qualify range recursive replace respect right rollup
    row rows sample select semi sets similar summarize table then ties to true try_cast union unbounded using values
    when where window with within zone`,
  types: `bigint bit blob boolean date decimal double float hugeint integer interval json list map real smallint struct
    time timestamp timestamptz tinyint ubigint uhugeint uinteger usmallint utinyint uuid varchar`,
  builtin: `abs approx_count_distinct arg_max arg_min avg bool_and bool_or ceil coalesce concat contains count date_part
    date_trunc dense_rank ends_with first_value floor greatest histogram json_each json_extract json_extract_string
    json_keys json_type lag last_value lead least length list_contains lower max median min mode now nullif
    quantile_cont rank regexp_extract regexp_matches regexp_replace round row_number starts_with strftime string_agg
    string_split strlen strptime substring sum trim trunc unnest upper`,
  doubleDollarQuotedStrings: true,
  operatorChars: '+-*/<>=~!@%^&|?',
  identifierQuotes: '"',
});
