import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { addCollection, callAsPage } from './support/contract.ts';
import { fastSandboxClient } from './support/sandbox-client.ts';
import { SHELLS, type OpenDipper } from './support/shells.ts';

const CHART = 'svg[class^="plot"]';

let dipper: OpenDipper | null = null;

afterEach(async () => {
  await dipper?.close();
  dipper = null;
});

describe.each(SHELLS.filter(({ name }) => name === 'browser'))('the profile in $name', ({ open }) => {
  test('a value is clicked and a range is drawn: both are conditions, and the records found are shown', async () => {
    dipper = await open();
    const { page } = dipper;
    const profile = await openProfile(page);

    const origin = profile.getByRole('group', { name: 'origin' });
    await origin.getByRole('button', { name: 'USA: 254 of 254 records' }).click();
    await found(page, '254 of 406');
    await page.getByRole('checkbox', { name: 'origin = USA' }).waitFor();
    await origin.getByRole('button', { name: 'Europe: 0 of 73 records' }).click();
    await found(page, '327 of 406');
    await page.getByRole('checkbox', { name: 'origin in USA, Europe' }).waitFor();
    await origin.getByRole('button', { name: 'USA: 254 of 254 records', pressed: true }).click();
    await found(page, '73 of 406');

    const cylinders = profile.getByRole('group', { name: 'cylinders' });
    await cylinders.locator(CHART).waitFor();
    await drag(page, cylinders.locator(CHART), 0.7, 0.2);
    const range = page.getByRole('checkbox', { name: /^cylinders between/ });
    await range.waitFor();
    const first = await range.innerText();
    // Another range takes its place.
    await drag(page, cylinders.locator(CHART), 0.45, 0.55);
    await expect.poll(() => range.innerText()).not.toBe(first);
    expect(await range.count()).toBe(1);
    await cylinders.getByRole('button', { name: 'Take the range of cylinders away' }).click();
    await found(page, '73 of 406');

    const horsepower = profile.getByRole('group', { name: 'horsepower' });
    await horsepower.getByRole('button', { name: /records without a value/ }).click();
    await page.getByRole('checkbox', { name: 'horsepower has no value' }).waitFor();
    await found(page, '2 of 406');
  });

  test('the time line is that of the date that most records have', async () => {
    dipper = await open();
    const { page } = dipper;
    await page.getByRole('treeitem', { name: /^movies/ }).click();
    await found(page, '3,201 of 3,201');
    await page.keyboard.press('Alt+h');
    const profile = page.getByRole('complementary', { name: 'Profile' });
    const timeLine = profile.getByRole('group').first();
    await timeLine.getByText(/^by /).waitFor();
    await timeLine.locator(`${CHART} rect`).first().waitFor();
    await drag(page, timeLine.locator(CHART), 0.6, 0.7);
    await page.getByRole('checkbox', { name: /^released between \d{4}-01-01 and \d{4}-12-31$/ }).waitFor();
    await profile.getByText('3,201 in all').waitFor();
    await profile.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });

    // Of another collection two fields are dates, and the one that fewer records have is chosen.
    const client = await fastSandboxClient(dipper.dataFolder);
    for (const n of [1, 2, 3, 4, 5]) {
      const body = `{"made":"2001-0${n}-01"${n > 2 ? `,"seen":"2020-0${n}-03"` : ''}}`;
      await client.putObject('samples', `visits/${n}.json`, Buffer.from(body), {});
    }
    await client.close();
    const [sandbox] = await callAsPage(page, 'connections:list', {});
    await addCollection(page, {
      connectionId: sandbox?.id ?? '',
      name: 'visits',
      bucket: 'samples',
      prefix: 'visits/',
    });
    await page.getByRole('treeitem', { name: /^visits/ }).click();
    await found(page, '5 of 5');
    await timeLine.getByRole('combobox', { name: 'Time line by' }).filter({ hasText: 'made' }).click();
    await page.getByRole('option', { name: 'seen' }).click();
    await profile.getByRole('group', { name: 'seen' }).and(timeLine).locator(`${CHART} rect`).first().waitFor();
    await drag(page, timeLine.locator(CHART), 0.1, 0.9);
    await page.getByRole('checkbox', { name: /^seen between 2020-0\d/ }).waitFor();
    await found(page, '3 of 5');
  });

  test('figures that cannot be read are said, beside the records, and read again on a click', async () => {
    dipper = await open();
    const { page } = dipper;
    const error = { code: 'internal', message: 'The index could not count.', retryable: true };
    await page.route('**/api/call', (route) =>
      route.request().postData()?.includes('"query:profile"') === true
        ? route.fulfill({ json: { ok: false, error } })
        : route.continue(),
    );
    const profile = await openProfile(page);
    const said = profile.getByText('The index could not count.');
    await said.waitFor();
    await profile.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
    await page.getByRole('grid').getByRole('row').nth(10).waitFor();
    await page.unroute('**/api/call');
    await profile.getByRole('button', { name: 'Read the figures again' }).click();
    await profile.getByRole('button', { name: 'USA: 254 of 254 records' }).waitFor();
    expect(await said.count()).toBe(0);
  });

  test('a range is set and a bin asked for by keyboard alone; what is open is kept', async () => {
    dipper = await open();
    const { page } = dipper;
    const profile = await openProfile(page);
    const horsepower = profile.getByRole('group', { name: 'horsepower' });
    await tabTo(page, horsepower.getByRole('button', { name: 'Figures of horsepower' }));
    await page.keyboard.press('Enter');
    await tabTo(page, horsepower.getByRole('textbox', { name: 'horsepower from' }));
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('150');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('200');
    await page.keyboard.press('Enter');
    await page.getByRole('checkbox', { name: 'horsepower between 150 and 200' }).waitFor();
    await horsepower.getByText('Found from 150 to 200').waitFor();

    await profile.getByText('406 in all').waitFor();
    await profile.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
    const figures = horsepower.getByRole('table', { name: 'Figures of horsepower' });
    const counted = await countsOf(figures);
    expect(counted.found).toBeLessThan(counted.all);
    await found(page, `${String(counted.found)} of 406`);

    const bin = figures.getByRole('button', { name: '100 to 109' });
    await tabTo(page, bin);
    await page.keyboard.press('Enter');
    await page.getByRole('checkbox', { name: 'horsepower between 100 and 109' }).waitFor();
    const row = figures.getByRole('row').filter({ has: page.getByText('100 to 109') });
    const [inAll] = (await row.getByRole('cell').allInnerTexts()).slice(-1);
    await found(page, `${inAll ?? ''} of 406`);

    await page.reload();
    await page.getByRole('complementary', { name: 'Profile' }).getByText('406 in all').waitFor();
    await page.keyboard.press('Alt+h');
    await page.getByRole('complementary', { name: 'Profile' }).waitFor({ state: 'detached' });
  });

  test.each(['light', 'dark'] as const)(
    'axe finds nothing serious in %s, charts are there soon, and nothing moves',
    async (theme) => {
      dipper = await open({ theme });
      const { page } = dipper;
      await watchDrawing(page);
      const profile = await openProfile(page);
      await profile.getByRole('group', { name: 'origin' }).getByRole('button', { name: /^USA/ }).waitFor();
      await profile.locator(`${CHART} rect`).first().waitFor();
      await profile
        .getByRole('group', { name: 'horsepower' })
        .getByRole('button', { name: 'Figures of horsepower' })
        .click();
      const { violations } = await new AxeBuilder({ page }).include('[aria-label="Profile"]').analyze();
      expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
      const before = await profile.getByRole('group', { name: 'cylinders' }).boundingBox();
      await profile
        .getByRole('group', { name: 'origin' })
        .getByRole('button', { name: /^Japan/ })
        .click();
      await found(page, '79 of 406');
      await profile.getByText('79 found').waitFor();
      expect(await profile.getByRole('group', { name: 'cylinders' }).boundingBox()).toEqual(before);
      // Of several, because a machine that is busy with other tests may leave the page without a core for so long.
      const drawings = await page.evaluate(() => document.documentElement.dataset['drawings'] ?? '');
      const sorted = drawings
        .split(' ')
        .map(Number)
        .toSorted((left, right) => left - right);
      expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(100);
    },
  );
});

async function openProfile(page: Page): Promise<Locator> {
  await page.getByRole('treeitem', { name: /^cars/ }).click();
  await found(page, '406 of 406');
  await page.getByRole('button', { name: 'Show or hide the profile of the fields' }).click();
  const profile = page.getByRole('complementary', { name: 'Profile' });
  await profile.waitFor();
  return profile;
}

/** Keeps how many milliseconds went by from the last byte of figures to the frame behind the first change of the panel. */
async function watchDrawing(page: Page): Promise<void> {
  await page.evaluate(() => {
    const drawings: number[] = [];
    const original = window.fetch.bind(window);
    let arrived: number | null = null;
    window.fetch = async (...args) => {
      const response = await original(...args);
      const [, options] = args;
      if (typeof options?.body === 'string' && options.body.includes('query:profile')) {
        await response.clone().text();
        arrived = performance.now();
      }
      return response;
    };
    new MutationObserver((changes) => {
      const drawn = changes.some(({ target }) => target instanceof Element && target.closest('aside') !== null);
      if (arrived === null || !drawn) return;
      const since = arrived;
      arrived = null;
      requestAnimationFrame(() => {
        drawings.push(performance.now() - since);
        document.documentElement.dataset['drawings'] = drawings.join(' ');
      });
    }).observe(document.body, { subtree: true, childList: true });
  });
}

/** What all bins and the row of those without a value come to. */
async function countsOf(figures: Locator): Promise<{ readonly found: number; readonly all: number }> {
  const cells = await figures.getByRole('cell').allInnerTexts();
  const numbers = cells.map((cell) => Number(cell.replace(/,/g, '')));
  return { found: total(numbers.filter((_, at) => at % 2 === 0)), all: total(numbers.filter((_, at) => at % 2 === 1)) };
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

async function found(page: Page, words: string): Promise<void> {
  await page
    .getByRole('status')
    .filter({ hasText: new RegExp(`^${words}`) })
    .first()
    .waitFor();
}

/** From one place of the chart to another, as shares of its width. */
async function drag(page: Page, chart: Locator, from: number, to: number): Promise<void> {
  // It is drawn anew with each answer: there is a moment between the old one and the new one.
  const box = await vi.waitFor(
    async () => {
      const drawn = await chart.boundingBox();
      if (drawn === null) throw new Error('The chart is not drawn');
      return drawn;
    },
    { timeout: 10_000 },
  );
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * from, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, y, { steps: 5 });
  await page.mouse.up();
}

async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor();
  for (let presses = 0; presses < 80; presses += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('The keyboard does not reach it');
}
