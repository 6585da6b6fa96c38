import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { projectFolder, SHELLS, type OpenDipper } from './support/shells.ts';

let dipper: OpenDipper | null = null;

afterEach(async () => {
  await dipper?.close();
  dipper = null;
});

const desktop = SHELLS.filter(({ name }) => name === 'Electron');

describe.each(desktop)("the desktop's window", ({ open, available }) => {
  test.runIf(available)(
    'shows the commands of the page in its menus, runs them, and switches them off behind a dialog',
    async () => {
      dipper = await open();
      const { page } = dipper;
      const app = electronOf(dipper);
      await page.getByRole('grid').waitFor();
      await until(app, 'record.new', { enabled: true, visible: true, accelerator: 'CommandOrControl+N' });
      await until(app, 'theme.dark', { checked: false });

      await choose(app, 'theme.dark');
      await page.locator('html[data-theme="dark"]').waitFor();
      await until(app, 'theme.dark', { checked: true });

      await choose(app, 'record.new');
      await page.getByRole('dialog', { name: 'New record' }).waitFor();
      await until(app, 'tab.new', { enabled: false });
      await page.keyboard.press('Escape');
      await until(app, 'tab.new', { enabled: true });

      await choose(app, 'tab.close');
      await page.getByRole('tab').waitFor({ state: 'detached' });
      await until(app, 'tab.close', { visible: false });
      await until(app, 'collection.edit', { enabled: false, visible: true });

      await page.reload();
      await page.getByRole('tree', { name: 'Connections' }).waitFor();
      await choose(app, 'application.shortcuts');
      const sheet = page.getByRole('dialog', { name: 'Shortcuts' });
      await sheet.waitFor();
      expect(await sheet.getByText('Ctrl+N', { exact: true }).count()).toBe(1);
    },
  );

  test.runIf(available)(
    'opens where and as it was closed, and in sight where its display has become smaller',
    async () => {
      dipper = await open({ ownSize: true });
      const kept = { x: 60, y: 40, width: 1000, height: 640 };
      await dipper.page.getByRole('grid').waitFor();
      await electronOf(dipper).evaluate(({ BrowserWindow }, bounds) => {
        const [window] = BrowserWindow.getAllWindows();
        window?.setBounds(bounds);
        window?.webContents.setZoomLevel(1);
      }, kept);
      const { dataFolder } = dipper;
      await dipper.close({ keepData: true });

      dipper = await open({ ownSize: true, dataFolder });
      await shownIn(dipper.page, 1 * 1.2);
      const opened = await placeOf(electronOf(dipper));
      const display = await displayOf(electronOf(dipper));
      await dipper.close({ keepData: true });

      const far = { bounds: { ...kept, x: 90_000, y: -90_000 }, maximised: false, fullScreen: false, zoom: 0 };
      const file = { format: 1, last: display.id, displays: { [display.id]: far } };
      await writeFile(join(dataFolder, 'electron', 'window.json'), JSON.stringify(file));
      dipper = await open({ ownSize: true, dataFolder });
      await shownIn(dipper.page, 1);
      expect({ opened, broughtBack: await placeOf(electronOf(dipper)) }).toEqual({
        opened: kept,
        broughtBack: { ...kept, x: display.right - kept.width, y: display.top },
      });
    },
  );
});

// Nothing can be written below a file that is no folder, whoever asks. On Linux the system's error box goes to standard error.
test.runIf(desktop[0]?.available === true && process.platform === 'linux')(
  'where not even a page can be shown, the system says what stands in the way and what to do',
  async () => {
    const { TMPDIR: _unset, ...others } = process.env;
    const app = spawn(
      process.env['DIPPER_TEST_ELECTRON'] ?? '',
      ['--no-sandbox', projectFolder, '--data-dir', '/dev/null/dipper'],
      { stdio: ['ignore', 'ignore', 'pipe'], env: { ...others, TMP: '/dev/null/tmp' } },
    );
    let said = '';
    app.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const [code] = await once(app, 'close');
    expect(code).toBe(1);
    expect(said).toMatch(
      /Dipper could not be opened\n\S*Neither the data folder \/dev\/null\/dipper nor .* can be written\. Make room/,
    );
  },
);

function electronOf({ app }: OpenDipper): ElectronApplication {
  if (app === null) throw new Error('this shell is no Electron');
  return app;
}

interface ItemState {
  readonly enabled?: boolean;
  readonly visible?: boolean;
  readonly checked?: boolean;
  readonly accelerator?: string;
}

/** Waits until the menu's item is as wanted: the menu follows the page a moment later. */
async function until(app: ElectronApplication, id: string, wanted: ItemState): Promise<void> {
  await expect
    .poll(
      () =>
        app.evaluate(({ Menu }, itemId) => {
          const item = Menu.getApplicationMenu()?.getMenuItemById(itemId);
          if (item === null || item === undefined) return null;
          const { enabled, visible, checked, accelerator } = item;
          return { enabled, visible, checked, accelerator };
        }, id),
      { timeout: 5000 },
    )
    .toMatchObject(wanted);
}

/** As a press of the mouse, which Electron tells from a press of keys. */
async function choose(app: ElectronApplication, id: string): Promise<void> {
  await until(app, id, { enabled: true });
  await app.evaluate(({ Menu }, itemId) => Menu.getApplicationMenu()?.getMenuItemById(itemId)?.click({}), id);
}

function placeOf(app: ElectronApplication) {
  return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
}

function displayOf(app: ElectronApplication) {
  return app.evaluate(({ screen }) => {
    const { id, workArea } = screen.getPrimaryDisplay();
    return { id: String(id), right: workArea.x + workArea.width, top: workArea.y };
  });
}

/** Zoomed by `factor`. */
async function shownIn(page: Page, factor: number): Promise<void> {
  await page.waitForFunction((wanted) => Math.abs(window.devicePixelRatio - wanted) < 0.01, factor, { timeout: 5000 });
}
