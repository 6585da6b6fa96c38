import { app, dialog, type BrowserWindow } from 'electron';
import { PAGE_URL } from './page-url.ts';

const MOST_IN_A_MINUTE = 3;
const MINUTE = 60_000;

const REASONS: Readonly<Record<string, string>> = {
  crashed: 'it crashed',
  killed: 'it was ended from outside',
  oom: 'it ran out of memory',
  'memory-eviction': 'the system needed its memory',
  'launch-failed': 'it could not be started',
  'integrity-failure': 'a part of it was changed on its way',
};

/**
 * Tabs and drafts are kept by main, so a page that ended is loaded again and finds them. One that ends again and again may
 * do so because of what it shows: then a person decides. `note` is told what happened, for the next page to say.
 */
export function reloadAfterCrash(window: BrowserWindow, note: (text: string) => void): void {
  let ends: readonly number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    const why = REASONS[reason] ?? reason;
    process.stderr.write(`dipper: the page ended: ${reason}\n`);
    const now = performance.now();
    ends = [...ends.filter((end) => now - end < MINUTE), now];
    if (ends.length <= MOST_IN_A_MINUTE) {
      note(`The page ended (${why}) and was loaded again. Tabs, queries and drafts are as they were.`);
      window.reload();
      return;
    }
    const times = ends.length;
    ends = [];
    ask(window, times, why).catch((error: unknown) => {
      process.stderr.write(`dipper: the page was not loaded again: ${String(error)}\n`);
    });
  });
}

async function ask(window: BrowserWindow, times: number, why: string): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'The page of Dipper keeps ending',
    detail: `It ended ${times} times within a minute, the last time because ${why}. Connections, collections and drafts are kept. Where the page ends because of what a tab shows, it can be loaded without its tabs.`,
    buttons: ['Load It Again', 'Load It Without Tabs', 'Quit'],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  });
  if (response === 2) app.quit();
  else await window.loadURL(response === 0 ? PAGE_URL : `${PAGE_URL}#without-tabs`);
}
