import { app, BrowserWindow } from 'electron';
import type { Job } from '../../shared/job.ts';
import { processed } from '../../shared/job-words.ts';

/** What the system shows where the end of a piece of work is not known (BrowserWindow.setProgressBar). */
const UNKNOWN_END = 2;
const NO_WORK = -1;

/**
 * How far the jobs under way are, in the dock or taskbar, and how many they are, as a number on the program's icon: in the
 * dock of a Mac, and of those of Linux that know Unity's. Windows has no such number.
 */
export function showJobProgress(jobs: readonly Job[]): void {
  for (const window of BrowserWindow.getAllWindows()) window.setProgressBar(shareOf(jobs));
  if (process.platform !== 'win32' && app.getBadgeCount() !== jobs.length) app.setBadgeCount(jobs.length);
}

function shareOf(jobs: readonly Job[]): number {
  if (jobs.length === 0) return NO_WORK;
  const totals = jobs.flatMap(({ counts }) => (counts.total === null ? [] : [counts.total]));
  const total = totals.reduce((sum, count) => sum + count, 0);
  if (totals.length < jobs.length || total === 0) return UNKNOWN_END;
  return jobs.reduce((sum, { counts }) => sum + processed(counts), 0) / total;
}
