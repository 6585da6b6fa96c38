import type { ResultPage } from '../../shared/page.ts';
import { TypeGlyph } from '../ui/TypeGlyph.tsx';
import { classes } from '../ui/classes.ts';
import { cellText, cellValue, isOdd, nestedMark, standsRight, type CellValue, type GridColumn } from './columns.ts';
import styles from './Grid.module.css';

/** A column that is near enough to the window to be drawn. */
export interface DrawnColumn {
  readonly column: GridColumn;
  /** Position among all columns. */
  readonly place: number;
  readonly left: number;
  readonly width: number;
}

export interface CellProps {
  readonly page: ResultPage;
  readonly offset: number;
  readonly drawn: DrawnColumn;
  readonly active: boolean;
}

export function Cell({ page, offset, drawn, active }: CellProps) {
  const { column, place, left, width } = drawn;
  const value = cellValue(page, offset, column);
  const odd = isOdd(value, column);
  return (
    <div
      role="gridcell"
      aria-colindex={place + 1}
      tabIndex={active ? 0 : -1}
      data-place={place}
      data-active={active || undefined}
      className={classes(
        styles.cell,
        column.role === 'id' && styles.id,
        (column.role === 'class' || column.role === 'modified') && styles.small,
        column.role === 'class' && value.text === 'STANDARD' && styles.usual,
        (column.role === 'size' || column.role === 'modified') && styles.usual,
        standsRight(value, column) && styles.right,
        odd && styles.odd,
      )}
      style={{ left, width }}
    >
      {odd && value.kind !== 'missing' && value.kind !== 'null' ? <OddGlyph value={value} /> : null}
      <CellContent value={value} column={column} />
    </div>
  );
}

function OddGlyph({ value }: { readonly value: CellValue }) {
  if (value.kind === 'missing' || value.kind === 'list' || value.kind === 'object') return null;
  return <TypeGlyph kind={value.kind} size={12} />;
}

/** Missing, null and empty are told apart: a drawn dash, the word, `""`. */
function CellContent({ value, column }: { readonly value: CellValue; readonly column: GridColumn }) {
  const text = cellText(value, column);
  switch (value.kind) {
    case 'missing':
      return <span className={styles.missing} role="img" aria-label="missing" />;
    case 'null':
      return <span className={styles.null}>null</span>;
    case 'boolean':
      return <span className={value.text === 'false' ? styles.soft : undefined}>{text}</span>;
    case 'list':
    case 'object':
      return (
        <>
          <span className={styles.nested}>{nestedMark(value)}</span>
          {text}
        </>
      );
    case 'string':
      return value.text === '' ? <span className={styles.empty}>{text}</span> : text;
    case 'number':
      return text;
  }
}
