/**
 * React keys for the rows that are drawn, by their number. A row that stays keeps its key, and with it its elements and the
 * focus; one that comes takes that of one that went, whose cells only get other texts. To make the cells of a window anew
 * costs as much again as to show what is in them, and a jump has nothing else to do.
 */
export type RowKeys = ReadonlyMap<number, number>;

/** `rows`: those that are to be drawn, each once. */
export function nextRowKeys(before: RowKeys, rows: readonly number[]): RowKeys {
  const stay = new Set(rows);
  const free = Array.from(before)
    .filter(([row]) => !stay.has(row))
    .map(([, key]) => key);
  let unused = Math.max(-1, ...before.values()) + 1;
  let taken = 0;
  return new Map(
    rows.map((row) => {
      const kept = before.get(row);
      if (kept !== undefined) return [row, kept];
      const key = free[taken];
      taken += 1;
      if (key !== undefined) return [row, key];
      unused += 1;
      return [row, unused - 1];
    }),
  );
}
