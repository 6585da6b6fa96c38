import type { Page, Route } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { SHELLS, type OpenDipper } from './support/shells.ts';

let dipper: OpenDipper | null = null;

afterEach(async () => {
  await dipper?.close();
  dipper = null;
});

// Answers are held back on their way to the page, which only the browser host lets a test do.
describe.each(SHELLS.filter(({ name }) => name === 'browser'))('jumps through a result', ({ open }) => {
  test('rows that are late have their places, wherever the scroll bar is dragged to meanwhile, and come all the same', async () => {
    dipper = await open();
    const { page } = dipper;
    const held = await heldPages(page);
    await scrollTo(page, 1_000);
    await waitingRow(page, 1_000).waitFor();
    await scrollTo(page, 2_000);
    await waitingRow(page, 2_000).waitFor();
    expect(await page.locator('[data-row][aria-busy]').count()).toBeGreaterThan(10);
    await held.letGo();
    await filledRow(page, 2_000).waitFor();
    await nothingWaits(page);
  });

  test('the rows around those in sight come once nobody jumps on', async () => {
    dipper = await open();
    const { page } = dipper;
    await filledRow(page, 0).waitFor();
    await scrollTo(page, 1_000);
    await filledRow(page, 1_000).waitFor();
    await filledRow(page, 993).waitFor();
    await nothingWaits(page);
  });

  test('rows that are here already are drawn with the scroll itself', async () => {
    dipper = await open();
    const { page } = dipper;
    await filledRow(page, 0).waitFor();
    await scrollTo(page, 1_000);
    await filledRow(page, 1_000).waitFor();
    const drawn = await page.getByRole('grid').evaluate(
      (grid) =>
        new Promise((resolve) => {
          // The grid's own listener is older, so it has been told.
          grid.addEventListener('scroll', () => resolve(grid.querySelector('[data-row="5"]')?.textContent), {
            once: true,
          });
          grid.scrollTop = 0;
        }),
    );
    expect(drawn).toBe(await page.locator('[data-row="5"]').textContent());
    expect(drawn).not.toBe('');
  });
});

async function scrollTo(page: Page, row: number): Promise<void> {
  await page.getByRole('grid').evaluate((grid, top) => grid.scrollTo({ top }), row * 28);
}

function waitingRow(page: Page, row: number) {
  return page.locator(`[data-row="${row}"][aria-busy]`);
}

function filledRow(page: Page, row: number) {
  return page.locator(`[data-row="${row}"]:not([aria-busy])`);
}

async function nothingWaits(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('[data-row][aria-busy]') === null);
}

/** From now on answers with rows wait until they are let go. */
async function heldPages(page: Page): Promise<{ readonly letGo: () => Promise<void> }> {
  await filledRow(page, 0).waitFor();
  const held: Route[] = [];
  let isHeld = true;
  await page.route('**/api/call', async (route) => {
    if (isHeld && route.request().postData()?.includes('"query:page"') === true) held.push(route);
    else await route.continue();
  });
  return {
    letGo: async () => {
      isHeld = false;
      // One that was given up meanwhile is gone.
      await Promise.allSettled(held.map((route) => route.continue()));
    },
  };
}
