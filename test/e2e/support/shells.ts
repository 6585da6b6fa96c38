import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { _electron, chromium, type Browser, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, inject } from 'vitest';

export const projectFolder = resolve(import.meta.dirname, '../../..');
export const command = join(projectFolder, 'dist/node/cli.js');

/** Nobody listens there: what else runs on this machine is no part of a test. */
const NO_LOCAL_SERVERS = { GATEWAY_LISTEN: '127.0.0.1:1', MINIO_ADDRESS: '127.0.0.1:1' };

/** Of an Electron that was started, even on a busy machine. */
const START_MILLISECONDS = 25_000;

/** Dipper open in a shell, on a data folder of its own. */
export interface OpenDipper {
  readonly page: Page;
  readonly dataFolder: string;
  /** Main's, or the browser host's. */
  readonly processId: number;
  /** Null in the browser. */
  readonly app: ElectronApplication | null;
  /** Closes window and processes, those that have ended included, and removes the data folder unless it is still needed. */
  close(options?: { readonly keepData?: boolean }): Promise<void>;
}

export interface ShellOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
  /** Besides what the test runs with. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Default: a new one whose sample collections are synced. */
  readonly dataFolder?: string;
  /** The desktop's window opens as it wants to: in no size of the test's. */
  readonly ownSize?: boolean;
  /** With a new data folder that Dipper fills itself. */
  readonly firstStart?: boolean;
}

export type OpenShell = (options?: ShellOptions) => Promise<OpenDipper>;

/** Each shell with the reason why it cannot be tested here, or null. */
export const SHELLS: readonly { readonly name: string; readonly open: OpenShell; readonly available: boolean }[] = [
  { name: 'browser', open: openInBrowser, available: true },
  { name: 'Electron', open: openInElectron, available: process.env['DIPPER_TEST_ELECTRON'] !== undefined },
];

/**
 * What is the page's alone, and the same behind either shell, is gone through in one: the window, where there is one here.
 * Both would take a minute of `npm test` to say it twice.
 */
export const ONE_SHELL = SHELLS.filter(({ available }) => available).slice(-1);

/** One for the tests of a file: each opens a profile of its own in it. */
let sharedBrowser: Promise<Browser> | null = null;

afterAll(async () => {
  await (await sharedBrowser)?.close();
});

async function openInBrowser({
  width = 1280,
  height = 800,
  theme = 'light',
  environment = {},
  ...given
}: ShellOptions = {}): Promise<OpenDipper> {
  // Asked first: a host that was started for nobody would stay.
  const executablePath = requireBrowser();
  const dataFolder = given.dataFolder ?? (await newDataFolder(given.firstStart ?? false));
  const host = spawn(process.execPath, [command, 'serve', '--no-open', '--data-dir', dataFolder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...NO_LOCAL_SERVERS, ...environment },
  });
  const url = await firstUrl(host);
  sharedBrowser ??= chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  const context = await (
    await sharedBrowser
  ).newContext({
    viewport: { width, height },
    colorScheme: theme,
    // Tests wait for whatever fades or slides; the window, with the same page, has it move.
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(url);
  // The page exchanges the code of its address for the token before it asks for anything.
  await page.waitForFunction(() => window.sessionStorage.getItem('dipper.token') !== null);
  return {
    page,
    dataFolder,
    processId: host.pid ?? 0,
    app: null,
    close: async ({ keepData = false } = {}) => {
      await context.close();
      if (host.exitCode === null && host.signalCode === null) {
        const ended = once(host, 'exit');
        host.kill('SIGTERM');
        await ended;
      }
      if (!keepData) await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

async function openInElectron(options: ShellOptions = {}): Promise<OpenDipper> {
  const executablePath = process.env['DIPPER_TEST_ELECTRON'];
  if (executablePath === undefined) throw new Error('DIPPER_TEST_ELECTRON names no Electron');
  return openProgram(executablePath, [projectFolder], options);
}

/** An Electron program: `application` is the folder to run, nothing for a packaged one. */
export async function openProgram(
  executablePath: string,
  application: readonly string[],
  { width = 1280, height = 800, theme = 'light', environment = {}, ownSize = false, ...given }: ShellOptions = {},
): Promise<OpenDipper> {
  const dataFolder = given.dataFolder ?? (await newDataFolder(given.firstStart ?? false));
  const app = await startElectron({
    executablePath,
    // As root Electron's sandbox cannot start; this is a test's decision, the app never makes it.
    args: ['--no-sandbox', ...application, '--data-dir', dataFolder],
    colorScheme: null,
    env: { ...ownEnvironment(), ...NO_LOCAL_SERVERS, ...environment },
  });
  const main = app.process();
  const page = await app.firstWindow();
  await app.evaluate(
    ({ BrowserWindow, nativeTheme }, wanted) => {
      nativeTheme.themeSource = wanted.theme;
      if (!wanted.ownSize) BrowserWindow.getAllWindows()[0]?.setContentSize(wanted.width, wanted.height);
    },
    { width, height, theme, ownSize },
  );
  return {
    page,
    dataFolder,
    processId: main.pid ?? 0,
    app,
    close: async ({ keepData = false } = {}) => {
      // What a test has killed answers no goodbye: Playwright waits for its pipes, which a process of it may hold a while.
      if (main.exitCode === null && main.signalCode === null) await app.close();
      if (!keepData) await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/**
 * Electron 33 under Xvfb stood still at three of some four hundred starts, and at none of 150 made to find out why. One
 * that does not answer in time is ended, said, and started once more.
 */
async function startElectron(options: Parameters<typeof _electron.launch>[0]): Promise<ElectronApplication> {
  try {
    return await answering(await _electron.launch({ ...options, timeout: START_MILLISECONDS }));
  } catch (error) {
    process.stderr.write(`Electron stood still at its start and is started again: ${String(error)}\n`);
    return answering(await _electron.launch({ ...options, timeout: START_MILLISECONDS }));
  }
}

/** Ends an Electron whose main process does not answer: Playwright itself would wait for ever. */
async function answering(app: ElectronApplication): Promise<ElectronApplication> {
  const main = app.process();
  const silence = new AbortController();
  const tooLate = pause(START_MILLISECONDS, null, { signal: silence.signal }).then(() => {
    main.kill('SIGKILL');
    throw new Error('its main process does not answer');
  });
  try {
    await Promise.race([app.evaluate(({ app: program }) => program.isReady()), tooLate]);
  } finally {
    silence.abort();
    tooLate.catch(() => undefined);
  }
  return app;
}

async function newDataFolder(firstStart: boolean): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dipper-e2e-'));
  if (!firstStart) await cp(inject('syncedDataFolder'), folder, { recursive: true, preserveTimestamps: true });
  return folder;
}

/** Playwright takes none of what is not set. */
function ownEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function requireBrowser(): string {
  const browser = process.env['DIPPER_TEST_BROWSER'];
  if (browser === undefined) throw new Error('DIPPER_TEST_BROWSER names no browser; npm test finds one');
  return browser;
}

export async function firstUrl(host: ChildProcess): Promise<string> {
  if (host.stdout === null) throw new Error('no standard output');
  for await (const line of createInterface(host.stdout)) {
    const url = /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(line)?.[0];
    // The rest of its output is read away, so that it never waits for a full pipe.
    if (url !== undefined) {
      host.stdout.resume();
      return url;
    }
  }
  throw new Error('dipper serve ended without printing its URL');
}
