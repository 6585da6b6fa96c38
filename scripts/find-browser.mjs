// Finds a real browser for the end-to-end tests: an installed Chrome or Chromium, Playwright's download, or Debian's
// package where this is Debian and we may install it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian's build without a window first: the same engine, and a third less to do for each test. */
const NAMES = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
];
const PLACES = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

/** @returns the executable's path, or null when every way failed (what was tried is on standard error). */
export async function findBrowser() {
  const asked = process.env.DIPPER_TEST_BROWSER;
  if (asked) return asked;
  return installedBrowser() ?? (await playwrightBrowser()) ?? debianBrowser();
}

function installedBrowser() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...(PLACES[process.platform] ?? [])].find((path) => existsSync(path)) ?? null;
}

async function playwrightBrowser() {
  const { chromium } = await import('playwright-core');
  if (existsSync(chromium.executablePath())) return chromium.executablePath();
  process.stderr.write("No Chrome or Chromium found; trying Playwright's download\n");
  const cli = join(import.meta.dirname, '..', 'node_modules', 'playwright-core', 'cli.js');
  const result = spawnSync(process.execPath, [cli, 'install', 'chromium'], {
    stdio: ['ignore', 2, 2],
    timeout: 180_000,
  });
  return result.status === 0 && existsSync(chromium.executablePath()) ? chromium.executablePath() : null;
}

function debianBrowser() {
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) return null;
  process.stderr.write("Installing Debian's chromium-headless-shell\n");
  const options = { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  spawnSync('apt-get', ['update', '-qq'], options);
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium-headless-shell'], options);
  return installedBrowser();
}
