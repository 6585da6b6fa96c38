import type { OpenedQuery } from '../../shared/page.ts';
import type { GridColumn } from '../grid/columns.ts';

/** The columns of a statement's answer, as it names and orders them. */
export function sqlGridColumns(columns: OpenedQuery['columns']): readonly GridColumn[] {
  return columns.map(({ name, kind }, position): GridColumn => ({
    role: 'field',
    id: `field:${name}`,
    name,
    sortField: name,
    kind,
    position,
  }));
}
