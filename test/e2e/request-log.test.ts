import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { answer, refusal, startOddServer, type OddServer } from '../integration/s3/odd-server.ts';
import { addCollection, addConnection, callAsPage } from './support/contract.ts';
import { sandboxClient } from './support/sandbox-client.ts';
import { seriousFindings } from './support/serious-findings.ts';
import { SHELLS, type OpenDipper } from './support/shells.ts';

const run = promisify(execFile);

let dipper: OpenDipper | null = null;
let server: OddServer | null = null;

afterEach(async () => {
  await dipper?.close();
  await server?.stop();
  dipper = null;
  server = null;
});

for (const { name, open, available } of SHELLS) {
  describe.skipIf(!available)(`the request log in ${name}`, () => {
    test('shows what was sent; a request found in it runs again as curl', async () => {
      dipper = await open();
      const { page, dataFolder } = dipper;
      // The one sample collection that is read now.
      await page.getByRole('treeitem', { name: /^cars/ }).click();
      await page
        .getByRole('status')
        .filter({ hasText: /^406 of 406.*synced/ })
        .waitFor();
      await keepCopies(page);

      await page.getByRole('button', { name: 'Requests' }).click();
      const log = page.getByRole('region', { name: 'Request log' });
      const grid = log.getByRole('grid', { name: 'Requests' });
      const { entries } = await callAsPage(page, 'requests:list', { filter: { text: 'listobjectsv2' } });
      expect(entries.length).toBeGreaterThan(0);
      await page.keyboard.type('ListObjectsV2');
      await log.getByText(new RegExp(`^${entries.length} of [\\d,]+ requests$`)).waitFor();
      expect(await grid.getByRole('row').count()).toBe(entries.length + 1);

      // By keyboard alone: to the rows, the last of them, back to the filter.
      await page.keyboard.press('ControlOrMeta+f');
      await page.keyboard.type('getobject car-042');
      await log.getByText(/^1 of /).waitFor();
      const row = grid.getByRole('row', { name: /GetObject samples\/cars\/car-042\.json 200 OK/ }).first();
      await row.focus();
      await page.keyboard.press('Enter');
      const details = log.getByRole('complementary', { name: 'Details of GetObject' });
      await details.getByText('bulk: a sync').waitFor();

      await details.getByRole('button', { name: 'Copy request id' }).click();
      const [found] = (await callAsPage(page, 'requests:list', { filter: { text: 'getobject car-042' } })).entries;
      expect(await lastCopy(page)).toBe(found?.requestId);

      await details.getByRole('button', { name: 'Copy as curl' }).click();
      const command = await lastCopy(page);
      const keys = await (await sandboxClient(dataFolder)).config.credentials();
      expect(command).not.toContain(keys.accessKeyId);
      const { stdout } = await run('/bin/sh', ['-c', command], {
        env: {
          ...process.env,
          AWS_ACCESS_KEY_ID: keys.accessKeyId,
          AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
        },
      });
      const record = await callAsPage(page, 'record:read', {
        collection: 'sample-cars',
        address: { key: 'cars/car-042.json' },
      });
      expect(stdout).toBe(record.body);

      // One step at a time: the details, then the panel; the focus is where it was before.
      await row.focus();
      await page.keyboard.press('Escape');
      await details.waitFor({ state: 'detached' });
      await page.keyboard.press('Escape');
      await log.waitFor({ state: 'detached' });
      expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Requests');
    });
  });
}

const inBrowser = SHELLS.filter(({ name }) => name === 'browser');

describe.each(inBrowser)('the request log beside a server that is busy', ({ open }) => {
  test('is reached from the failure, shows each try, stands still when asked to, and is emptied', async () => {
    dipper = await open();
    const { page } = dipper;
    await page.getByText(/synced/).waitFor();
    // Each third answer: first a pause that is too long to wait for, then what was asked for.
    let busy = true;
    server = await startOddServer((_, socket, index) => {
      const isThird = index % 3 === 2;
      const headers = { 'x-amz-request-id': `REQUEST${index}`, 'retry-after': busy && isThird ? '3600' : '0' };
      const list = '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>';
      socket.write(isThird && !busy ? answer('200 OK', headers, list) : refusal('503 Slow Down', 'SlowDown', headers));
    });
    const place = { endpoint: server.endpoint, region: 'us-east-1', accessKeyId: 'key', secretAccessKey: 'secret' };
    const { id } = await addConnection(page, 'Archive', place);
    await addCollection(page, { connectionId: id, name: 'busy', bucket: 'records' });
    await page.getByRole('treeitem', { name: /^busy/ }).click();
    await page.getByRole('button', { name: 'Show in the request log' }).click();

    const log = page.getByRole('region', { name: 'Request log' });
    const row = log.getByRole('row', { name: /ListObjectsV2 records\/ 503 SlowDown .* 3 tries: 503, 503, 503/ });
    await row.click();
    const details = log.getByRole('complementary', { name: 'Details of ListObjectsV2' });
    await details.getByRole('radio', { name: '1: 503 SlowDown', exact: true }).click();
    await details.getByText('REQUEST0').first().waitFor();

    // The next listing gets through at the third try.
    busy = false;
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await log.getByRole('textbox', { name: 'Filter the request log' }).fill('');
    await log.getByRole('button', { name: 'Tried again' }).click();
    await log.getByRole('row', { name: /200 OK .* 3 tries: 503, 503, 200/ }).waitFor();
    await log.getByText(/^2 of /).waitFor();
    await log.getByRole('button', { name: 'Failed' }).click();
    await log.getByText(/^1 of /).waitFor();
    await log.getByRole('button', { name: 'Failed' }).click();

    await log.getByRole('button', { name: 'Follow' }).click();
    await log.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: /Refresh/ }).click();
    await log.getByText(/paused, 3 newer$/).waitFor();
    await log.getByText(/^2 of /).waitFor();
    await log.getByRole('button', { name: 'Follow' }).click();
    await log.getByText(/^3 of /).waitFor();

    await log.getByRole('separator', { name: 'Height of the request log' }).press('ArrowUp');
    await expect.poll(async () => (await callAsPage(page, 'settings:read', {})).requestsHeight).toBe(296);
    // The panel and the log are there after a reload; a filter that nobody remembers would hide requests.
    await page.reload();
    await log.getByText(/^[\d,]+ requests$/).waitFor();
    await log.getByRole('button', { name: 'Clear' }).click();
    await log.getByText('No requests yet').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });
});

/** What the page puts on the clipboard is kept: not every shell lets a test read the system's. */
async function keepCopies(page: Page): Promise<void> {
  await page.evaluate(() => {
    navigator.clipboard.writeText = (text) => {
      document.documentElement.dataset['copied'] = text;
      return Promise.resolve();
    };
  });
}

async function lastCopy(page: Page): Promise<string> {
  return await page.evaluate(() => document.documentElement.dataset['copied'] ?? '');
}
