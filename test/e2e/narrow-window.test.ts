import type { Locator } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { addCollection, callAsPage } from './support/contract.ts';
import { fastSandboxClient } from './support/sandbox-client.ts';
import { SHELLS, type OpenDipper } from './support/shells.ts';

let dipper: OpenDipper | null = null;

afterEach(async () => {
  await dipper?.close();
  dipper = null;
});

describe.each(SHELLS.filter(({ name }) => name === 'browser'))('a narrow window', ({ open }) => {
  test('cuts no number, keeps every button, and leaves a reason its room', async () => {
    dipper = await open({ width: 720, height: 480 });
    const { page, dataFolder } = dipper;
    const stage = page.getByRole('main');
    const found = stage.getByText('3,201 of 3,201', { exact: true });
    await found.waitFor();
    const s3 = await fastSandboxClient(dataFolder);
    await s3.putObject('samples', 'odd/bad.json', Buffer.from('{"a": 1, oops'), {});
    await s3.close();
    const [sandbox] = await callAsPage(page, 'connections:list', {});
    await addCollection(page, { connectionId: sandbox?.id ?? '', name: 'odd', bucket: 'samples', prefix: 'odd/' });

    expect(await isWhole(found)).toBe(true);
    for (const name of [/^Refresh/, 'Columns', 'New record', 'Show or hide the inspector', 'Run']) {
      expect(await isWhole(stage.getByRole('button', { name }))).toBe(true);
    }

    // The record takes the place of the records, and gives it back.
    await page.getByRole('gridcell', { name: 'movie-0002' }).click();
    await page.keyboard.press('Enter');
    const inspector = page.getByRole('region', { name: 'Inspector' });
    await inspector.getByText('First Love, Last Rites').first().waitFor();
    expect((await inspector.boundingBox())?.width).toBe((await stage.boundingBox())?.width);
    await inspector.getByRole('button', { name: /^Close/ }).click();

    await page.getByRole('button', { name: 'Requests' }).click();
    const log = page.getByRole('region', { name: 'Request log' });
    expect(await isWhole(log.getByText(/^[\d,]+ requests$/))).toBe(true);
    for (const name of ['Failed', 'Tried again', 'Pause', 'Clear', 'Close the request log']) {
      expect(await isWhole(log.getByRole('button', { name }))).toBe(true);
    }
    await log
      .getByRole('row', { name: /GetObject/ })
      .last()
      .click();
    expect(await isWhole(log.getByRole('button', { name: 'Copy as curl' }))).toBe(true);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');

    await page.getByRole('treeitem', { name: /^odd/ }).click();
    await stage.getByText('1 object is unreadable').waitFor();
    const reason = stage.getByRole('gridcell', { name: /^The body is no JSON/ });
    await reason.scrollIntoViewIfNeeded();
    expect(await reason.evaluate((cell) => cell.scrollWidth <= cell.clientWidth)).toBe(true);
  });
});

/** Whether all of an element is in the window, and nothing cuts off what is in it. */
async function isWhole(element: Locator): Promise<boolean> {
  const { width = 0, height = 0 } = element.page().viewportSize() ?? {};
  const box = await element.boundingBox();
  const fits = await element.evaluate(
    ({ scrollWidth, clientWidth }) => clientWidth === 0 || scrollWidth <= clientWidth,
  );
  return fits && box !== null && box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;
}
