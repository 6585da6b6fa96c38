import { LONGEST_ROW, TOO_LONG, type SourceRow, type SourceRows } from './source-row.ts';

/** NDJSON: a row a line, lines of blanks left out. */
export async function* lineRows(text: AsyncIterable<string>): SourceRows {
  let rest = '';
  let line = 0;
  let isTooLong = false;
  const rowOf = (content: string): SourceRow | null => {
    line += 1;
    if (isTooLong || content.length > LONGEST_ROW) {
      isTooLong = false;
      return { kind: 'broken', at: line, text: null, problem: TOO_LONG };
    }
    const trimmed = content.trim();
    return trimmed === '' ? null : { kind: 'json', at: line, text: trimmed };
  };
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    const rows: SourceRow[] = [];
    for (const content of lines) {
      const row = rowOf(content);
      if (row !== null) rows.push(row);
    }
    yield rows;
    if (rest.length > LONGEST_ROW) {
      isTooLong = true;
      rest = '';
    }
  }
  const last = rest === '' && !isTooLong ? null : rowOf(rest);
  if (last !== null) yield [last];
}
