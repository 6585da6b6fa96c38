import type { FieldSortKey } from '../../shared/query.ts';
import { printWhere } from '../../shared/query-text/print-where.ts';
import { queryJson } from '../../shared/query-text/query-json.ts';
import { ruleOf } from './draft-rule.ts';
import type { DraftGroup } from './draft.ts';

/** The JSON text of the query (shared/query.ts), as far as the draft is complete. */
export function queryText(draft: DraftGroup, sort: readonly FieldSortKey[]): string {
  const where = ruleOf(draft);
  return queryJson({
    ...(where === null ? {} : { where }),
    ...(sort.length > 0 ? { sort: sort.map(({ field, direction }) => ({ field, direction })) } : {}),
  });
}

/** The conditions in the text form, as far as they are complete; empty where there are none. */
export function whereText(draft: DraftGroup): string {
  const where = ruleOf(draft);
  return where === null ? '' : printWhere(where);
}
