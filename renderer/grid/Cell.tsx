import { Fragment, type ReactNode } from 'react';
import type { ResultPage } from '../../shared/page.ts';
import { Icon } from '../ui/Icon.tsx';
import { glyphClass, glyphIcon } from '../ui/TypeGlyph.tsx';
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

/**
 * One cell, of a row or of one that is on its way. A function and no component: a jump in a large result draws a
 * thousand cells at once, and a component each doubles the time that takes.
 */
export function renderCell(page: ResultPage | null, offset: number, drawn: DrawnColumn, active: boolean): ReactNode {
  const { column, place, left, width } = drawn;
  const value = page === null ? null : cellValue(page, offset, column);
  return (
    <div
      key={column.id}
      role="gridcell"
      aria-colindex={place + 1}
      tabIndex={active ? 0 : -1}
      data-place={place}
      data-active={active || undefined}
      className={value === null ? styles.waiting : cellClass(value, column)}
      style={{ left, width }}
    >
      {value === null ? null : placedContent(value, column)}
    </div>
  );
}

function cellClass(value: CellValue, column: GridColumn): string {
  let name = styles.cell ?? '';
  if (column.role === 'id') name += ` ${styles.id}`;
  else if (column.role === 'field') {
    if (isOdd(value, column)) name += ` ${styles.odd}`;
  } else {
    name += ` ${styles.small}`;
    if (column.role !== 'class' || value.text === 'STANDARD') name += ` ${styles.usual}`;
  }
  if (standsRight(value, column)) name += ` ${styles.right}`;
  return name;
}

/** Where it stands right another text begins elsewhere: as the same node it would count as having been moved about. */
function placedContent(value: CellValue, column: GridColumn): ReactNode {
  const content = cellContent(value, column);
  return standsRight(value, column) ? <Fragment key={value.text}>{content}</Fragment> : content;
}

/** Missing, null and empty are told apart: a drawn dash, the word, `""`. */
function cellContent(value: CellValue, column: GridColumn): ReactNode {
  if (value.kind === 'missing') return <span className={styles.missing} role="img" aria-label="missing" />;
  if (value.kind === 'null') return <span className={styles.null}>null</span>;
  const text = cellText(value, column);
  if (value.kind === 'list' || value.kind === 'object') {
    return (
      <>
        <span className={styles.nested}>{nestedMark(value)}</span>
        {text}
      </>
    );
  }
  const shown =
    value.kind === 'string' && value.text === '' ? (
      <span className={styles.empty}>{text}</span>
    ) : value.kind === 'boolean' && value.text === 'false' ? (
      <span className={styles.soft}>{text}</span>
    ) : (
      text
    );
  if (!isOdd(value, column)) return shown;
  return (
    <>
      <Icon name={glyphIcon(value.kind)} size={12} className={glyphClass(value.kind)} />
      {shown}
    </>
  );
}
