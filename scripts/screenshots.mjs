// Makes the pictures in docs/ from the running app: `node scripts/build.mjs && node scripts/screenshots.mjs`.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findBrowser } from './find-browser.mjs';
import { projectFolder } from './set-up.mjs';

const dataFolder = mkdtempSync(join(tmpdir(), 'dipper-screenshots-'));
const serve = [join(projectFolder, 'dist/node/cli.js'), 'serve', '--no-open', '--data-dir', dataFolder];
const host = spawn(process.execPath, serve, { stdio: ['ignore', 'pipe', 'inherit'] });
await once(host.stdout, 'data');
const browser = await chromium.launch({
  executablePath: (await findBrowser()) ?? undefined,
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
mkdirSync(join(projectFolder, 'docs'), { recursive: true });
for (const colorScheme of ['light', 'dark']) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme });
  const page = await context.newPage();
  // An address opens one page: each has its own.
  await page.goto(execFileSync(process.execPath, serve, { encoding: 'utf8' }).trim());
  await page.getByText(/synced/).waitFor();
  await page.getByRole('button', { name: 'Add a condition' }).click();
  await condition(page, 'rating', 'more than', 'Value', '8');
  await page.getByRole('button', { name: 'Add a condition' }).click();
  await condition(page, 'genre', 'is one of', 'Add to values', 'Drama');
  await page.keyboard.press('Enter');
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.keyboard.press('Escape');
  await page.getByRole('columnheader', { name: /rating/ }).click();
  await page.getByRole('columnheader', { name: /rating/ }).click();
  await page.getByRole('gridcell', { name: 'Pulp Fiction' }).dblclick();
  await page.getByRole('tree', { name: 'Fields' }).waitFor();
  await page.mouse.move(700, 890);
  await page.screenshot({ path: join(projectFolder, `docs/main-${colorScheme}.png`) });
  await context.close();
}
await browser.close();
host.kill('SIGTERM');
await new Promise((resolve) => host.once('exit', resolve));
rmSync(dataFolder, { recursive: true, force: true });

async function condition(page, field, operator, label, value) {
  const row = page.getByRole('group', { name: 'new condition' });
  await row.getByRole('combobox', { name: 'Field' }).fill(field);
  await page.getByRole('option', { name: new RegExp(`^${field} `) }).click();
  const filled = page.getByRole('group', { name: `${field} condition` });
  await filled.getByRole('combobox', { name: 'Operator' }).click();
  await page.getByRole('option', { name: operator, exact: true }).click();
  await filled.getByRole('textbox', { name: label }).fill(value);
}
