import { clipText, textWidth } from './text-width.ts';

export interface TextColumn {
  readonly title: string;
  readonly alignRight?: boolean;
  /** The last column may run on: a reason that is cut off explains nothing. */
  readonly runsOn?: boolean;
}

const BETWEEN = '  ';

/** Rows under their titles, as wide as their widest cell. Cells are texts that can be shown (`visibleText`). */
export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, index) =>
    rows.reduce((widest, cells) => Math.max(widest, textWidth(cells[index] ?? '')), textWidth(title)),
  );
  const titles = columns.map(({ title }) => title);
  return [titles, ...rows].map((cells) => tableLine(columns, widths, cells)).join('');
}

export function tableLine(columns: readonly TextColumn[], widths: readonly number[], cells: readonly string[]): string {
  const padded = columns.map((column, index) => {
    const width = widths[index] ?? 0;
    const own = cells[index] ?? '';
    const cell = column.runsOn === true ? own : clipText(own, width);
    const blanks = ' '.repeat(Math.max(0, width - textWidth(cell)));
    return column.alignRight === true ? blanks + cell : cell + blanks;
  });
  return `${padded.join(BETWEEN).trimEnd()}\n`;
}
