/** Row -1 is the header. */
export interface GridPlace {
  readonly row: number;
  readonly place: number;
}

export interface GridBounds {
  readonly rows: number;
  readonly columns: number;
  /** Whole rows in the window. */
  readonly pageRows: number;
}

/** Where a key leads from a place, or null where it leads nowhere (it is then the browser's, or a command's). */
export function placeAfterKey(key: string, mod: boolean, from: GridPlace, bounds: GridBounds): GridPlace | null {
  const { row, place } = from;
  const lastRow = bounds.rows - 1;
  const lastPlace = bounds.columns - 1;
  const to = (nextRow: number, nextPlace: number): GridPlace => ({
    row: Math.min(Math.max(nextRow, -1), lastRow),
    place: Math.min(Math.max(nextPlace, 0), lastPlace),
  });
  switch (key) {
    case 'ArrowUp':
      return to(mod ? Math.min(row, 0) : row - 1, place);
    case 'ArrowDown':
      return to(mod ? lastRow : row + 1, place);
    case 'ArrowLeft':
      return to(row, mod ? 0 : place - 1);
    case 'ArrowRight':
      return to(row, mod ? lastPlace : place + 1);
    case 'Home':
      return mod ? to(Math.min(lastRow, 0), 0) : to(row, 0);
    case 'End':
      return mod ? to(lastRow, lastPlace) : to(row, lastPlace);
    case 'PageUp':
      return to(row < 0 ? row : Math.max(row - bounds.pageRows, 0), place);
    case 'PageDown':
      return to(row + bounds.pageRows, place);
    default:
      return null;
  }
}
