import { app, BrowserWindow, dialog, type Event, type MessageBoxOptions } from 'electron';
import type { Job } from '../../shared/job.ts';
import { jobTitle, progressText } from '../../shared/job-words.ts';

/**
 * Asks before jobs are broken off by quitting; the answered function is told which are under way. Whoever ends the
 * program with a signal is not asked: nobody may be there to answer.
 */
export function askBeforeQuitting(): (underWay: readonly Job[]) => void {
  let underWay: readonly Job[] = [];
  let state: 'running' | 'asking' | 'agreed' = 'running';

  async function ask(): Promise<void> {
    state = 'asking';
    const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
    const question = questionOf(underWay);
    const { response } = await (window === undefined
      ? dialog.showMessageBox(question)
      : dialog.showMessageBox(window, question));
    state = response === QUIT ? 'agreed' : 'running';
    if (response === QUIT) app.quit();
  }

  function hold(event: Event): void {
    if (state === 'agreed' || underWay.length === 0) return;
    event.preventDefault();
    if (state === 'running') void ask();
  }

  app.on('before-quit', hold);
  app.on('browser-window-created', (_event, window) => {
    window.on('close', (event) => {
      // Elsewhere than on a Mac the last window takes the program with it.
      if (process.platform !== 'darwin' && BrowserWindow.getAllWindows().length === 1) hold(event);
    });
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      state = 'agreed';
      app.quit();
    });
  }

  return (jobs) => {
    underWay = jobs;
  };
}

const BUTTONS = ['Keep running', 'Quit, go on at next start'];
const QUIT = 1;

function questionOf(jobs: readonly Job[]): MessageBoxOptions {
  return {
    type: 'question',
    message: jobs.length === 1 ? 'A job is under way' : `${jobs.length} jobs are under way`,
    detail: [
      ...jobs.map((job) => `${jobTitle(job)}: ${progressText(job)}${job.kept ? '' : ', ends with Dipper'}`),
      '',
      'What is done stays done. The rest goes on when Dipper is started again.',
    ].join('\n'),
    buttons: BUTTONS,
    defaultId: 0,
    cancelId: 0,
  };
}
