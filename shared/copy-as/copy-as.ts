import { appliedRule } from '../query.ts';
import { awsJq } from './aws-jq.ts';
import { CannotSay, type CopySource } from './copy-source.ts';
import { dataknobsPython } from './dataknobs-python.ts';
import { duckdbSql } from './duckdb-sql.ts';
import { trinoSql } from './trino-sql.ts';

export const COPY_LANGUAGES = [
  { language: 'python', name: 'dataknobs Python', write: dataknobsPython },
  { language: 'shell', name: 'AWS CLI and jq', write: awsJq },
  { language: 'duckdb', name: 'DuckDB SQL', write: duckdbSql },
  { language: 'trino', name: 'Athena and Trino SQL', write: trinoSql },
] as const;

export type CopyLanguage = (typeof COPY_LANGUAGES)[number]['language'];

/** The program, or why the language cannot say what is asked. */
export function copyAs(
  language: CopyLanguage,
  source: CopySource,
): { readonly text: string } | { readonly refused: string } {
  const found = COPY_LANGUAGES.find((each) => each.language === language);
  if (found === undefined) throw new TypeError(`${language} is no language that a query is copied as.`);
  const where = source.where === null ? null : appliedRule(source.where);
  try {
    return { text: found.write({ ...source, where }) };
  } catch (error) {
    if (error instanceof CannotSay) return { refused: error.message };
    throw error;
  }
}
