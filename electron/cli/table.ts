import { KIND_CODES, type OpenedQuery, type ResultPage } from '../../shared/page.ts';
import { tableLine, type TextColumn } from './text-table.ts';
import { textWidth, visibleText } from './text-width.ts';

/** Widest column; the whole value is in the other formats. */
const WIDEST = 40;

interface TableColumn extends TextColumn {
  readonly cellsOf: (page: ResultPage) => readonly string[];
}

/** Writes pages as an aligned table. Widths are those of the first page: a result of any size needs no more memory. */
export interface TableWriter {
  lines(page: ResultPage): string;
}

export interface TableShape extends Pick<OpenedQuery, 'columns'> {
  /** The rows are records: their ids stand first. */
  readonly hasIds: boolean;
  readonly hasUnreadable: boolean;
}

export function createTableWriter({ columns: shown, hasIds, hasUnreadable }: TableShape): TableWriter {
  const ids: TableColumn = { title: 'id', alignRight: false, cellsOf: (page) => page.ids.map(visibleText) };
  const columns: TableColumn[] = [
    ...(hasIds ? [ids] : []),
    ...shown.map((column, index): TableColumn => ({
      title: visibleText(column.name),
      alignRight: column.kind === 'number',
      cellsOf: (page) => fieldCells(page, index),
    })),
  ];
  if (hasUnreadable) {
    columns.push({
      title: 'error',
      alignRight: false,
      runsOn: true,
      cellsOf: (page) => page.problems.map((problem) => visibleText(problem ?? '')),
    });
  }
  let widths: readonly number[] | null = null;

  return {
    lines(page) {
      const cells = columns.map((column) => column.cellsOf(page));
      let text = '';
      if (widths === null) {
        widths = columns.map((column, index) => {
          const all = [column.title, ...(cells[index] ?? [])];
          return Math.min(
            WIDEST,
            all.reduce((widest, cell) => Math.max(widest, textWidth(cell)), 1),
          );
        });
        const titles = columns.map((column) => column.title);
        text += tableLine(columns, widths, titles);
        text += tableLine(
          columns,
          widths,
          widths.map((width) => '-'.repeat(width)),
        );
      }
      for (let row = 0; row < page.keys.length; row += 1) {
        text += tableLine(
          columns,
          widths,
          cells.map((column) => column[row] ?? ''),
        );
      }
      return text;
    },
  };
}

function fieldCells(page: ResultPage, index: number): readonly string[] {
  const column = page.columns[index];
  if (column === undefined) return [];
  return column.texts.map((text, row) => (column.kinds[row] === KIND_CODES.null ? 'null' : visibleText(text)));
}
