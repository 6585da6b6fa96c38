import type { Availability } from './command.ts';
import type { CommandContext } from './context.ts';

const OPEN_A_COLLECTION: Availability = { reason: 'Open a collection first' };

export const inCollection = ({ tab, collection }: CommandContext): Availability =>
  tab === null || collection === null ? OPEN_A_COLLECTION : 'available';

export const forWriting = (context: CommandContext): Availability => {
  if (context.connection?.readOnly === true)
    return { reason: `The connection ${context.connection.name} is read-only` };
  return inCollection(context);
};

/** The record of the active row, where its page is here. */
export function activeRecord({
  tab,
  session,
}: CommandContext): { readonly key: string; readonly etag: string | null } | null {
  const row = tab === null ? null : (session?.state().answer?.pages.row(tab.active.row) ?? null);
  if (row === null) return null;
  const key = row.page.keys[row.offset];
  return key === undefined ? null : { key, etag: row.page.etags[row.offset] ?? null };
}

export const onRecord = (context: CommandContext): Availability =>
  activeRecord(context) === null ? { reason: 'Choose a record first' } : 'available';

export const forWritingRecord = (context: CommandContext): Availability => {
  const writing = forWriting(context);
  return writing === 'available' ? onRecord(context) : writing;
};
