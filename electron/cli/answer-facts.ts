import { AppFailure } from '../../shared/result.ts';
import type { OpenedQuery, QueryStatistics } from '../../shared/page.ts';
import type { ExitCode } from './exit-code.ts';
import type { CommandContext, OpenCollection } from './session.ts';
import type { Terminal } from './terminal.ts';

/** `--stats`: one line of JSON on standard error. */
export async function sayStatistics(
  terminal: Terminal,
  { caller, collection, signal }: OpenCollection,
  statistics: QueryStatistics,
): Promise<void> {
  const { requests, bytes, scanned } = statistics;
  const milliseconds = Math.round(statistics.milliseconds * 1000) / 1000;
  const { indexBytes } = await caller.call('collections:traces', { collection }, signal);
  terminal.say(JSON.stringify({ requests, bytes, scanned, milliseconds, indexBytes }));
}

/** Objects that are no records match no condition, so an answer that does not show them says how many there are. */
export function sayUnreadable(
  { messages }: CommandContext,
  { unreadable, notes }: Pick<OpenedQuery, 'unreadable' | 'notes'>,
): ExitCode {
  for (const note of notes) messages.note(note);
  if (unreadable === 0) return 0;
  const objects = unreadable === 1 ? '1 object is unreadable' : `${unreadable} objects are unreadable`;
  const sentence = `${objects} and can match no condition. A query without conditions shows why.`;
  messages.failure(new AppFailure('record-unreadable', sentence), { unreadable });
  return 3;
}
