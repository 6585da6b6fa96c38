import type { Locator, Page } from 'playwright-core';

/** Presses Tab until the element has the focus. */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await press(page, 'Tab', wanted);
}

export async function press(page: Page, key: string, wanted: Locator): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    if (await hasFocus(wanted)) return;
    await page.keyboard.press(key);
  }
  await expectFocus(page, wanted);
}

async function hasFocus(wanted: Locator): Promise<boolean> {
  return (await wanted.count()) === 1 && (await wanted.evaluate((element) => element === document.activeElement));
}

export async function expectFocus(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor();
  const handle = await wanted.elementHandle();
  await page.waitForFunction((element) => element === document.activeElement, handle, { timeout: 5000 });
}
