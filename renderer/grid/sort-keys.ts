import type { FieldSortKey } from '../../shared/query.ts';

/**
 * The sort after a press on a header: ascending, descending, none. `add` (Shift) keeps the other keys and their order;
 * without it the column becomes the only key.
 */
export function pressedSort(sort: readonly FieldSortKey[], field: string, add: boolean): readonly FieldSortKey[] {
  const present = sort.find((key) => key.field === field);
  const next: FieldSortKey | null =
    present === undefined
      ? { field, direction: 'asc' }
      : present.direction === 'asc'
        ? { field, direction: 'desc' }
        : null;
  if (!add) {
    const alone = sort.length === 1 || present === undefined;
    if (present !== undefined && !alone) return [{ field, direction: present.direction }];
    return next === null ? [] : [next];
  }
  if (present === undefined) return next === null ? sort : [...sort, next];
  return sort.flatMap((key) => (key.field !== field ? [key] : next === null ? [] : [next]));
}
