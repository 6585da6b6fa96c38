import type { PointerEvent, RefObject } from 'react';
import { scrollStep, useDrag } from '../ui/use-drag.ts';
import type { GridColumn } from './columns.ts';

/** A header on its way; px are of the grid's content. */
export interface ColumnDrag {
  readonly id: string;
  readonly name: string;
  /** Where the pointer is. */
  readonly left: number;
  /** Where the column would go; null where it would stay. */
  readonly dropLeft: number | null;
  /** Height of what is seen of the grid. */
  readonly height: number;
}

/** Dragging a header to another place. `edges` are the left edges of the columns and the right edge of the last one. */
export function useColumnDrag(
  scroller: RefObject<HTMLDivElement | null>,
  columns: readonly GridColumn[],
  edges: readonly number[],
  onMove: (column: GridColumn, gap: number) => void,
): {
  readonly drag: ColumnDrag | null;
  readonly startDrag: (column: GridColumn, event: PointerEvent) => void;
} {
  const { drag, start } = useDrag(
    scroller,
    ({ x, elapsed }) => {
      const grid = scroller.current;
      if (grid === null) return { gap: 0, left: 0, height: 0 };
      const seen = grid.getBoundingClientRect();
      grid.scrollBy({ left: scrollStep(x - seen.left, seen.right - x, elapsed) });
      const left = x - seen.left + grid.scrollLeft;
      return { gap: gapAt(edges, left), left, height: grid.clientHeight };
    },
    (id, { gap }) => {
      const column = columns.find((each) => each.id === id);
      if (column !== undefined) onMove(column, gap);
    },
  );
  const place = drag === null ? -1 : columns.findIndex(({ id }) => id === drag.id);
  const column = columns[place];
  return {
    drag:
      drag === null || column === undefined
        ? null
        : {
            id: column.id,
            name: column.name,
            left: drag.at.left,
            height: drag.at.height,
            dropLeft: drag.at.gap === place || drag.at.gap === place + 1 ? null : (edges[drag.at.gap] ?? null),
          },
    startDrag: (pressed, event) => start(pressed.id, event),
  };
}

/** The gap between columns that is nearest: behind every column whose middle is left of `left`. */
export function gapAt(edges: readonly number[], left: number): number {
  let gap = 0;
  for (let place = 0; place + 1 < edges.length; place++) {
    if (left > ((edges[place] ?? 0) + (edges[place + 1] ?? 0)) / 2) gap = place + 1;
  }
  return gap;
}
