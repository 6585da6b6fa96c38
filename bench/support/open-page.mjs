import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { _electron, chromium } from 'playwright-core';
import { findBrowser } from '../../scripts/find-browser.mjs';
import { projectFolder } from './build-from-source.mjs';

const WINDOW = { width: 1280, height: 800 };

/** Dipper's page in a browser, before the browser host on that data folder, and what ends both. */
export async function openInBrowser(dataFolder) {
  const executablePath = await findBrowser();
  if (executablePath === null)
    throw new Error('There is no Chrome or Chromium. Install one, or name it in DIPPER_TEST_BROWSER.');
  // Before the host, which would stay where there is no browser to be had.
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] });
  const host = spawn(
    process.execPath,
    [join(projectFolder, 'dist/node/cli.js'), 'serve', '--no-open', '--data-dir', dataFolder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const close = async () => {
    await browser.close();
    const ended = once(host, 'exit');
    host.kill('SIGTERM');
    await ended;
  };
  try {
    const page = await (await browser.newContext({ viewport: WINDOW })).newPage();
    await page.goto(await addressOf(host));
    await page.waitForFunction(() => window.sessionStorage.getItem('dipper.token') !== null);
    return { page, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The same in the desktop's window; `executablePath` is that of Electron, which needs a display. */
export async function openInElectron(executablePath, dataFolder) {
  const app = await _electron.launch({
    executablePath,
    args: ['--no-sandbox', projectFolder, '--data-dir', dataFolder],
    colorScheme: null,
  });
  const page = await app.firstWindow();
  await app.evaluate(
    ({ BrowserWindow }, { width, height }) => BrowserWindow.getAllWindows()[0]?.setContentSize(width, height),
    WINDOW,
  );
  return { page, close: () => app.close() };
}

async function addressOf(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(line)?.[0];
    if (address === undefined) continue;
    child.stdout.resume();
    return address;
  }
  throw new Error('dipper serve ended without printing its address');
}
