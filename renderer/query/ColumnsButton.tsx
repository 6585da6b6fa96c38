import { useState } from 'react';
import type { OpenedQuery } from '../../shared/page.ts';
import type { FieldSortKey } from '../../shared/query.ts';
import { DEFAULT_VIEW, type View } from '../../shared/view.ts';
import { useChangeView } from '../api/collection-queries.ts';
import { countHidden } from '../grid/column-layout.ts';
import { ColumnList, hiddenWords } from '../grid/ColumnList.tsx';
import { gridColumns } from '../grid/columns.ts';
import { Button } from '../ui/Button.tsx';
import { Popover } from '../ui/Popover.tsx';
import styles from './PlanLine.module.css';

export interface ColumnsButtonProps {
  readonly collection: string;
  readonly answered: OpenedQuery['columns'];
  readonly view: View;
  readonly sort: readonly FieldSortKey[];
}

/** Opens the list of the columns, and says how many are hidden. */
export function ColumnsButton({ collection, answered, view, sort }: ColumnsButtonProps) {
  const [open, setOpen] = useState(false);
  const changeView = useChangeView(collection);
  const columns = gridColumns(answered);
  const hidden = countHidden(columns, view.columns);
  const { order, hidden: ids, widths } = view.columns;
  const asAtFirst = order.length === 0 && ids.length === 0 && Object.keys(widths).length === 0;
  return (
    <Popover
      label="Columns"
      align="end"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button
          kind="quiet"
          compact
          icon="columns"
          aria-label={hidden === 0 ? 'Columns' : `Columns, ${hiddenWords(hidden)}`}
        >
          <span className={styles.toolName}>Columns</span>
          {hidden === 0 ? null : <span className={styles.hiddenCount}>{hiddenWords(hidden)}</span>}
        </Button>
      }
    >
      <ColumnList
        columns={columns}
        layout={view.columns}
        sort={sort}
        onLayout={(layout) =>
          changeView((before) => ({
            ...before,
            columns: { ...before.columns, order: layout.order, hidden: layout.hidden },
          }))
        }
        onReset={asAtFirst ? null : () => changeView((before) => ({ ...before, columns: DEFAULT_VIEW.columns }))}
      />
    </Popover>
  );
}
