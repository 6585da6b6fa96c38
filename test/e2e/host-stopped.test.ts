import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Request } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { addConnection } from './support/contract.ts';
import { seriousFindings } from './support/serious-findings.ts';
import { command, firstUrl, SHELLS, type OpenDipper } from './support/shells.ts';

/** Nobody asks it for anything. */
const ANOTHER_SERVER = {
  endpoint: 'http://127.0.0.1:1',
  region: 'eu-central-1',
  accessKeyId: 'a',
  secretAccessKey: 'b',
};

let dipper: OpenDipper | null = null;

afterEach(async () => {
  await dipper?.close();
  dipper = null;
});

describe.each(SHELLS.filter(({ name }) => name === 'browser'))('in the $name', ({ open }) => {
  test('a page whose Dipper was killed says so and what to do, and the new address shows in the same tab what was there', async () => {
    dipper = await open();
    const { page, dataFolder, processId } = dipper;
    const cell = page.getByRole('gridcell', { name: 'movie-0001', exact: true });
    await cell.waitFor();
    // The page was reading its lists again, as it does whenever one of them changes.
    await page.route('**/api/call', (route) =>
      asksForConnections(route.request()) ? route.abort('connectionrefused') : route.continue(),
    );
    const refused = page.waitForEvent('requestfailed', asksForConnections);
    await addConnection(page, 'Another', ANOTHER_SERVER);
    await refused;
    await page.unrouteAll();
    // What a window shows is on the disk a second later; with the other connection nothing else would show it again.
    const kept = join(dataFolder, 'workspaces.json');
    await expect.poll(() => readFile(kept, 'utf8')).toContain('"collection"');
    process.kill(processId, 'SIGKILL');
    await page.getByText('Dipper has stopped').waitFor();
    await page.getByText('Start it again and open the address that it prints.').waitFor();
    expect(await cell.isVisible()).toBe(true);
    expect(await seriousFindings(page)).toEqual([]);

    const { port } = new URL(page.url());
    const next = spawn(process.execPath, [command, 'serve', '--no-open', '--port', port, '--data-dir', dataFolder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(next, 'exit');
    try {
      const address = await firstUrl(next);
      await page.getByText('Dipper was started again').waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await page.goto(address);
      await page.getByText('Dipper was started again').waitFor({ state: 'detached' });
      await cell.waitFor();
      expect(new URL(page.url()).hash).toBe('');
    } finally {
      next.kill('SIGTERM');
      await ended;
    }
  });
});

function asksForConnections(request: Request): boolean {
  return request.postData()?.includes('"connections:list"') ?? false;
}
