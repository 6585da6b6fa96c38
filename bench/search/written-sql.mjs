import { availableParallelism } from 'node:os';
import { DuckDBInstance } from '@duckdb/node-api';

/** The same records in a table of DuckDB's, as a person would make it of a file of lines, with the same threads. */
export async function writtenSql(file) {
  const instance = await DuckDBInstance.create(':memory:', { threads: String(Math.min(4, availableParallelism())) });
  const connection = await instance.connect();
  await connection.run(
    `CREATE TABLE people AS SELECT * FROM read_json($1, format = 'newline_delimited', columns = {
    key: 'VARCHAR', name: 'VARCHAR', email: 'VARCHAR', department: 'VARCHAR', city: 'VARCHAR', salary: 'DOUBLE',
    rating: 'JSON', active: 'BOOLEAN', joined: 'TIMESTAMP', score: 'DOUBLE', level: 'INTEGER', tags: 'VARCHAR[]',
    address: 'STRUCT(zip VARCHAR, country VARCHAR)'})`,
    [file],
  );
  return {
    run: (sql) => connection.run(sql),
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRows(),
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
