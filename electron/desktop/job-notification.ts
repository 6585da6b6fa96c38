import { BrowserWindow, Notification } from 'electron';
import type { Job } from '../../shared/job.ts';
import { jobTitle, outcomeText, stateWords } from '../../shared/job-words.ts';
import { focusWindow } from './main-window.ts';

/** Shown ones: one that is collected would not answer a click any more. */
const shown = new Set<Notification>();

/** Says that a job has ended or stands still, where nobody looks at a window of Dipper. A click brings it to the front. */
export function notifyOfJob(job: Job): void {
  if (BrowserWindow.getFocusedWindow() !== null || !Notification.isSupported()) return;
  const reason = job.error === null ? '' : ` ${job.error.message}`;
  const notification = new Notification({
    title: jobTitle(job),
    body: `${stateWords(job.state)}: ${outcomeText(job)}.${reason}`,
  });
  shown.add(notification);
  notification.on('close', () => shown.delete(notification));
  notification.on('click', () => {
    shown.delete(notification);
    const [window] = BrowserWindow.getAllWindows();
    if (window !== undefined) focusWindow(window);
  });
  notification.show();
}
