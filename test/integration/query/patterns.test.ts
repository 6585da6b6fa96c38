import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { lowerCase } from '../../../electron/engine/index/query/pattern/letter-case.ts';
import { parsePattern } from '../../../electron/engine/index/query/pattern/read-pattern.ts';
import { type Re2Test, toRe2 } from '../../../electron/engine/index/query/pattern/to-re2.ts';
import { SLOT_KINDS } from '../../../electron/engine/index/slots.ts';
import { matchesPattern } from '../../../electron/engine/index/sql/slot-conditions.ts';
import { parameterTypes } from '../../../electron/engine/index/sql/sql-text.ts';

const slot = { number: 1, columns: new Set(['text'] as const), kinds: new Set([SLOT_KINDS.string]) };

test('patterns that RE2 can say find in DuckDB what they find in Python; the others are left to JavaScript', async () => {
  const golden: { texts: string[]; patterns: [string, string | null][] } = JSON.parse(fixture('patterns.json'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run('CREATE TABLE texts (row_id INTEGER, f1_text VARCHAR)');
    for (const [row, text] of golden.texts.entries())
      await connection.run('INSERT INTO texts VALUES (?, ?)', [row, text]);
    const differences: Record<string, string> = {};
    let isLeft = 0;
    let said = 0;
    for (const [pattern, found] of golden.patterns) {
      if (found === null) continue;
      const re2 = parsedForRe2(pattern);
      if (re2 === null) isLeft++;
      else {
        const condition = matchesPattern(slot, re2);
        const rows = await connection.runAndReadAll(
          `SELECT CASE WHEN ${condition.text} THEN '1' ELSE '0' END FROM texts ORDER BY row_id`,
          [...condition.parameters],
          parameterTypes(condition.parameters),
        );
        const ours = rows
          .getRows()
          .map(([bit]) => String(bit))
          .join('');
        const at = Array.from(found).findIndex((bit, index) => bit !== ours[index]);
        if (at >= 0) differences[pattern] = `${JSON.stringify(golden.texts[at])}: Python ${found[at]}`;
        said++;
      }
    }
    expect(differences).toEqual({});
    expect({ said, isLeft }).toMatchInlineSnapshot(`
      {
        "isLeft": 593,
        "said": 1468,
      }
    `);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
});

test('DuckDB has the lower case that Dipper has, of every character that both know', async () => {
  const { alike }: { alike: Record<string, string> } = JSON.parse(fixture('characters.json'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const differences: string[] = [];
    for (const letter of Object.keys(alike)) {
      const rows = await connection.runAndReadAll('SELECT lower(?)', [letter]);
      const [[lower] = []] = rows.getRows();
      if (String.fromCodePoint(lowerCase(letter.codePointAt(0) ?? 0)) !== lower) differences.push(letter);
    }
    expect(differences).toEqual([]);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
});

function parsedForRe2(pattern: string): Re2Test | null {
  try {
    return toRe2(parsePattern(pattern));
  } catch (error) {
    throw new Error(`Pattern ${pattern}`, { cause: error });
  }
}

function fixture(name: string): string {
  return readFileSync(new URL(`../../fixtures/python/${name}`, import.meta.url), 'utf8');
}
