import type { PageExport } from '../../shared/contract.ts';
import { call } from '../api/call.ts';
import { jobRecords, type ChosenRecords } from '../jobs/chosen-records.ts';

/**
 * The query of an export: that of the answer, or of some of its rows by their keys, in the same order. `asked` is JSON text,
 * whose numbers may have more digits than a double, so that it is put together as text.
 */
export async function exportQuery(
  asked: string,
  chosen: ChosenRecords,
  fields: readonly string[] | null,
  signal: AbortSignal,
): Promise<string> {
  const select = fields === null ? [] : [`"select":${JSON.stringify(fields)}`];
  if (chosen.ranges === null) return withMembers(asked, select);
  const picked = await jobRecords(chosen, signal);
  const keys = 'records' in picked ? picked.records.map(({ key }) => key) : [];
  const where = `"where":${JSON.stringify({ object: 'key', operator: 'in', value: keys })}`;
  return withMembers(asked, [where, ...select]);
}

/** A later member of one name counts. */
function withMembers(text: string, members: readonly string[]): string {
  if (members.length === 0) return text;
  const inner = text.trim().slice(1, -1).trim();
  return `{${[...(inner === '' ? [] : [inner]), ...members].join(',')}}`;
}

/** Starts it where the person says; false where the dialog of the system was closed. */
export async function startExport(
  task: Omit<PageExport, 'place'>,
  name: string,
  signal: AbortSignal,
): Promise<boolean> {
  const chosen = await call('exports:choose', { name }, signal);
  if (chosen === 'closed') return false;
  const place = chosen === 'no-dialog' ? { downloads: name } : { chosen: chosen.chosen };
  await call('exports:start', { ...task, place }, signal);
  return true;
}
