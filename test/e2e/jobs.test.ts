import type { Locator, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Job } from '../../shared/job.ts';
import { createS3Client } from '../../electron/engine/s3/create-s3-client.ts';
import type { S3Client } from '../../electron/engine/s3/s3-client.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../integration/support/sandbox.ts';
import { addCollection, callAsPage, connectionTo } from './support/contract.ts';
import { seriousFindings } from './support/serious-findings.ts';
import { runCommand } from './support/run-command.ts';
import { SHELLS, type OpenDipper, type OpenShell, type ShellOptions } from './support/shells.ts';

const RECORDS = 120;
const DELETED = 50;
const SLOW_PUTS = [{ operation: 'PutObject', fault: { kind: 'delay', milliseconds: 150 } }] as const;

let server: TestSandbox;
let client: S3Client;
let dipper: OpenDipper | null = null;

beforeEach(async () => {
  server = await startTestSandbox({ buckets: ['records'] });
  client = createS3Client(targetOf(server));
  const numbers = Array.from({ length: RECORDS }, (_, number) => number);
  await Promise.all(numbers.map((number) => write(number, { n: number, state: 'new' })));
});

afterEach(async () => {
  await dipper?.close();
  await client.close();
  await server.stop();
  dipper = null;
});

function keyOf(number: number): string {
  return `notes/note-${String(number).padStart(3, '0')}.json`;
}

async function write(number: number, record: Readonly<Record<string, unknown>>): Promise<void> {
  await client.putObject('records', keyOf(number), Buffer.from(JSON.stringify(record)), {});
}

/** What a program without Dipper sees: the state of each note that is there. */
async function statesInBucket(): Promise<readonly string[]> {
  const states: string[] = [];
  for await (const page of client.listAllObjects('records', { prefix: 'notes/' })) {
    for (const { key } of page.objects) {
      const { body } = await client.getObject('records', key, {});
      states.push(String(JSON.parse(new TextDecoder().decode(body)).state));
    }
  }
  return states;
}

/** Dipper with the notes open; their keys come from the environment, so that a next start has them too. */
async function openNotes(open: OpenShell, options: ShellOptions = {}): Promise<OpenDipper> {
  const environment = { AWS_ACCESS_KEY_ID: server.accessKeyId, AWS_SECRET_ACCESS_KEY: server.secretAccessKey };
  const opened = await open({ ...options, environment });
  dipper = opened;
  const { page } = opened;
  if (options.dataFolder !== undefined) return opened;
  const connection = await callAsPage(page, 'connections:save', {
    connection: {
      ...connectionTo('Notes', server),
      credentials: { source: 'environment' },
      // Few requests at once, so that there is a middle to stop in.
      maxWorkers: 2,
    },
  });
  await addCollection(page, { connectionId: connection.id, name: 'notes', bucket: 'records', prefix: 'notes/' });
  await page.getByRole('treeitem', { name: /^notes/ }).click();
  await answered(page, RECORDS);
  return opened;
}

/** The query over all of them has its whole answer. */
async function answered(page: Page, count: number): Promise<void> {
  await page.getByRole('main').getByText(`${count} of ${count}`, { exact: true }).waitFor();
}

const bar = (page: Page): Locator => page.getByRole('contentinfo', { name: 'Jobs' });

async function setState(page: Page, value: string): Promise<void> {
  await runCommand(page, 'Change all records of this answer');
  const dialog = page.getByRole('alertdialog', { name: 'Change records' });
  await dialog.getByRole('combobox', { name: 'Field' }).fill('state');
  await page.getByRole('option', { name: /^state/ }).click();
  await dialog.getByRole('textbox', { name: 'Value of state' }).fill(value);
  await dialog.getByRole('region', { name: 'The first records, before and after' }).getByText(value).first().waitFor();
  await dialog.getByRole('button', { name: /^Change \d+ records/ }).click();
  await dialog.waitFor({ state: 'detached' });
}

async function newestJob(page: Page): Promise<Job> {
  const [job] = await callAsPage(page, 'jobs:list', {});
  if (job === undefined) throw new Error('there is no job');
  return job;
}

const inBrowser = SHELLS.filter(({ name }) => name === 'browser');

describe.each(inBrowser)('many records', ({ open }) => {
  test('are deleted by selection and changed by answer; what somebody else changed meanwhile is said, and tried again', async () => {
    const { page } = await openNotes(open);
    await page.getByRole('gridcell', { name: 'note-000', exact: true }).click();
    for (let row = 1; row < DELETED; row += 1) await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Delete');
    await page.getByRole('alertdialog', { name: 'Delete records' }).getByText('s3://records/notes/').waitFor();
    await page.getByRole('button', { name: `Delete ${DELETED} records` }).click();
    const left = RECORDS - DELETED;
    await answered(page, left);
    await bar(page).getByText(`Delete ${DELETED} records of notes: ${DELETED} deleted`).waitFor();
    expect(await statesInBucket()).toEqual(Array.from({ length: left }, () => 'new'));

    await write(100, { n: 100, state: 'theirs' });
    await setState(page, 'done');
    await bar(page).getByRole('button', { name: 'Show the failed records' }).click();
    const panel = page.getByRole('region', { name: 'Jobs' });
    const row = panel.getByRole('row', { name: /note-100\.json failed .* Somebody else changed this record/ });
    await row.waitFor();
    expect(await panel.getByRole('row').count()).toBe(2);
    expect((await statesInBucket()).toSorted()).toEqual([...Array.from({ length: left - 1 }, () => 'done'), 'theirs']);
    expect(await seriousFindings(page)).toEqual([]);

    await row.getByRole('button', { name: keyOf(100) }).click();
    const inspector = page.getByRole('complementary', { name: /^Record/ });
    await inspector.getByText('theirs').waitFor();
    await panel.getByRole('button', { name: 'Try the failed again' }).click();
    await bar(page).getByText('Change 1 record of notes: 1 changed').waitFor();
    // The record that is open is read again.
    await inspector.getByText('done').waitFor();
    expect(await statesInBucket()).toEqual(Array.from({ length: left }, () => 'done'));
    await panel.getByRole('button', { name: 'Back to the jobs' }).click();
    const table = panel.getByRole('table', { name: 'Jobs' });
    for (const words of [/Change 1 record.*1 changed/, /Change 70 records.*69 changed, 1 failed/, /Delete 50 records/])
      await table.getByRole('row', { name: words }).waitFor();
    await table.getByRole('button', { name: `Remove from the list: Delete ${DELETED} records of notes` }).click();
    await expect.poll(() => table.getByRole('row').count()).toBe(3);
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('grid').getByText('done').first().waitFor();
    // Every record that was changed has the time of that, before the bucket is listed again.
    await expect.poll(() => page.getByRole('grid').getByRole('img', { name: 'missing' }).count()).toBe(0);
  });

  test('a grid that was scrolled to its end shows the rows that are left, and the bar forgets what the job before came to', async () => {
    const { page } = await openNotes(open);
    const grid = page.getByRole('grid');
    await page.getByRole('gridcell', { name: 'note-000', exact: true }).click();
    for (let row = 1; row < DELETED; row += 1) await page.keyboard.press('Shift+ArrowDown');
    // The selection stays where it is while the grid is scrolled.
    await grid.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
    await page.getByRole('gridcell', { name: 'note-119', exact: true }).waitFor();
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: `Delete ${DELETED} records` }).click();
    await answered(page, RECORDS - DELETED);
    const outcome = bar(page).getByText(`Delete ${DELETED} records of notes: ${DELETED} deleted`);
    await outcome.waitFor();
    // In the middle of what is seen of the grid, not only among what is drawn.
    await expect
      .poll(() =>
        grid.evaluate((element) => {
          const { left, right, top, bottom } = element.getBoundingClientRect();
          const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
          return there?.closest('[role="row"]')?.textContent ?? '';
        }),
      )
      .toContain('note-');

    server.faults.set(SLOW_PUTS);
    await setState(page, 'done');
    await bar(page)
      .getByText(/\b[1-9]\d? of 70/)
      .waitFor();
    expect(await outcome.count()).toBe(0);
  });

  test('a job is paused, outlives a reload of the page, goes on, and is cancelled', async () => {
    const { page } = await openNotes(open);
    server.faults.set(SLOW_PUTS);
    await setState(page, 'first');
    await bar(page)
      .getByText(/\b[1-9]\d? of 120/)
      .waitFor();
    await page.reload();
    await bar(page)
      .getByRole('button', { name: /^Pause: Change 120 records/ })
      .click();
    await bar(page)
      .getByText(/^paused/)
      .waitFor();
    const { counts } = await newestJob(page);
    expect((await statesInBucket()).filter((state) => state === 'first')).toHaveLength(counts.done);
    expect(counts.done).toBeLessThan(RECORDS);

    server.faults.set([]);
    await bar(page)
      .getByRole('button', { name: /^Resume: Change 120 records/ })
      .click();
    await bar(page).getByText('Change 120 records of notes: 120 changed').waitFor();
    expect(await statesInBucket()).toEqual(Array.from({ length: RECORDS }, () => 'first'));

    server.faults.set(SLOW_PUTS);
    await setState(page, 'second');
    await bar(page)
      .getByText(/\b[1-9]\d? of 120/)
      .waitFor();
    await page.keyboard.press('Alt+a');
    const panel = page.getByRole('region', { name: 'Jobs' });
    await panel.getByRole('button', { name: 'Cancel: Change 120 records of notes' }).first().click();
    await panel.getByRole('row', { name: /Change 120 records of notes cancelled/ }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });

  test('a job goes on at the next start after Dipper was killed in its middle', async () => {
    const { page, dataFolder, processId } = await openNotes(open);
    server.faults.set(SLOW_PUTS);
    await setState(page, 'done');
    await bar(page)
      .getByText(/\b[1-9]\d? of 120/)
      .waitFor();
    process.kill(processId, 'SIGKILL');
    await dipper?.close({ keepData: true });
    server.faults.set([]);
    const next = await openNotes(open, { dataFolder });
    // The panel comes back open where its state was on disk by then.
    const panel = next.page.getByRole('button', { name: /^Jobs/ });
    if ((await panel.getAttribute('aria-pressed')) !== 'true') await panel.click();
    await next.page.getByRole('row', { name: /Change 120 records of notes done/ }).waitFor();
    expect(await statesInBucket()).toEqual(Array.from({ length: RECORDS }, () => 'done'));
  });
});

describe.each(SHELLS.filter(({ name, available }) => name === 'Electron' && available))('in $name', ({ open }) => {
  test('quitting asks while a job runs: it keeps running, or goes on at the next start', async () => {
    const { page, app } = await openNotes(open);
    if (app === null) throw new Error('this is no Electron');
    server.faults.set(SLOW_PUTS);
    await setState(page, 'done');
    await bar(page)
      .getByText(/\b[1-9]\d? of 120/)
      .waitFor();

    // The system's dialog cannot be pressed by a test: it is answered for the person.
    const answering = (answer: number) =>
      app.evaluate(({ dialog, BrowserWindow }, response) => {
        const asked = new Promise<string>((resolve) => {
          dialog.showMessageBox = (...given: readonly unknown[]) => {
            resolve(JSON.stringify(given.at(-1)));
            return Promise.resolve({ response, checkboxChecked: false });
          };
        });
        BrowserWindow.getAllWindows()[0]?.close();
        return asked;
      }, answer);
    const question = await answering(0);
    expect(question).toMatch(/A job is under way.*Change 120 records of notes: \d+ of 120/);
    await bar(page)
      .getByText(/\d+ of 120/)
      .waitFor();
    const ended = new Promise<void>((resolve) => app.process().once('exit', () => resolve()));
    await answering(1).catch(() => undefined);
    await ended;
  });
});
