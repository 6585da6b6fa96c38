import type { Locator, Page } from 'playwright-core';

/** What a failure says in the page. */
export interface Said {
  readonly title: string;
  readonly message: string;
  /** What to do, the best first; the button of each in brackets. */
  readonly remedies: readonly string[];
}

/** A failure that fills its place. */
export async function failurePage(page: Page, place: Locator): Promise<Said> {
  const failure = place.getByRole('alert').filter({ has: page.getByRole('heading', { level: 1 }) });
  const title = await failure.getByRole('heading', { level: 1 }).innerText();
  const remedies = await failure
    .getByRole('listitem')
    .filter({ has: page.locator('b') })
    .all();
  return {
    title,
    message: await failure.locator('p').first().innerText(),
    remedies: await Promise.all(
      remedies.map(async (remedy) => {
        const words = await remedy.locator('span:has(> b)').innerText();
        // Without the shortcut that stands beside its words.
        const buttons = await remedy
          .getByRole('button')
          .evaluateAll((all) => all.map((one) => one.firstChild?.textContent));
        return [words, ...buttons.map((button) => `[${button}]`)].join(' ');
      }),
    ),
  };
}

/** A message in its place: its title, its words, and its buttons. */
export async function notice(alert: Locator): Promise<Said> {
  await alert.waitFor();
  const buttons = await alert.getByRole('button').allInnerTexts();
  const [title = '', ...words] = (await alert.innerText()).split('\n').filter((line) => !buttons.includes(line));
  return {
    title,
    message: words.filter((line) => line !== '').join(' '),
    remedies: buttons.map((button) => `[${button}]`),
  };
}
