import { countSelected, selectRow } from '../grid/selection.ts';
import { MOST_PICKED, type ChosenRecords } from '../jobs/chosen-records.ts';
import { formatCount } from '../ui/format.ts';
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
  // A row of a statement need not be of a record; and of one that is, no ETag is known.
  return key === undefined || key === '' ? null : { key, etag: row.page.etags[row.offset] || null };
}

/** Key of the record that the inspector shows; null where it shows none. */
export function openRecord({ tab, workspace }: CommandContext): string | null {
  return workspace.inspectorOpen ? (tab?.record ?? null) : null;
}

export const onRecord = (context: CommandContext): Availability =>
  activeRecord(context) === null ? { reason: 'Choose a record first' } : 'available';

export const forWritingRecord = (context: CommandContext): Availability => {
  const writing = forWriting(context);
  return writing === 'available' ? onRecord(context) : writing;
};

/** The selected rows, else the active one, of the answer that is shown; null where there is none. */
export function chosenRecords(context: CommandContext): ChosenRecords | null {
  const { tab } = context;
  const whole = wholeAnswer(context);
  if (tab === null || whole === null) return null;
  const { ranges } = tab.selection.ranges.length > 0 ? tab.selection : selectRow(Math.max(tab.active.row, 0));
  const count = countSelected({ ranges, anchor: null });
  return count === whole.count ? whole : { ...whole, ranges, count };
}

/** All rows of the answer that is shown; null where there is none. */
export function wholeAnswer({ session, tab }: CommandContext): ChosenRecords | null {
  // What a statement answers are rows of its own.
  if (tab?.language === 'sql') return null;
  const opened = session?.state().answer?.opened;
  if (opened === undefined || opened.total === 0) return null;
  return { result: opened.result, ranges: null, count: opened.total, ofAll: opened.records + opened.unreadable };
}

/** Copying leaves them as they are. */
export const forCopyingRecords = (context: CommandContext): Availability => {
  const there = inCollection(context);
  if (there !== 'available') return there;
  const chosen = chosenRecords(context);
  if (chosen === null) return { reason: 'Choose records first' };
  return chosen.ranges !== null && chosen.count > MOST_PICKED
    ? {
        reason: `${formatCount(chosen.count)} records are selected; at most ${formatCount(MOST_PICKED)} can be picked, or all of an answer`,
      }
    : 'available';
};

export const forWritingRecords = (context: CommandContext): Availability => {
  const writing = forWriting(context);
  return writing === 'available' ? forCopyingRecords(context) : writing;
};

export const forCopyingAnswer = (context: CommandContext): Availability => {
  const there = inCollection(context);
  if (there !== 'available') return there;
  const state = context.session?.state();
  if (wholeAnswer(context) === null) return { reason: 'The answer has no records' };
  if (state?.running === true) return { reason: 'The query is being run' };
  return state?.answer?.opened.complete === true ? 'available' : { reason: 'Not all of the bucket has been read yet' };
};

export const forWritingAnswer = (context: CommandContext): Availability => {
  const writing = forWriting(context);
  return writing === 'available' ? forCopyingAnswer(context) : writing;
};
