import { AxeBuilder } from '@axe-core/playwright';
import { afterEach, describe, expect, test } from 'vitest';
import { fastSandboxClient } from './support/sandbox-client.ts';
import { SHELLS, type OpenDipper } from './support/shells.ts';

let dipper: OpenDipper | null = null;

afterEach(async () => {
  await dipper?.close();
  dipper = null;
});

describe.each(SHELLS.filter(({ name }) => name === 'browser'))('choosing a prefix in $name', ({ open }) => {
  test('goes on beyond a thousand, says how many objects are below, and is done with the keyboard alone', async () => {
    dipper = await open();
    const { page, dataFolder } = dipper;
    await page.getByRole('grid').waitFor();
    const client = await fastSandboxClient(dataFolder);
    await client.createBucket('years', {});
    const years = Array.from({ length: 1_005 }, (_, at) => `y${String(at).padStart(4, '0')}/a.json`);
    const keys = [...years, 'y0001/b.json', 'y0001/c.json', 'y0001/deep/d.json'];
    await Promise.all(keys.map((key) => client.putObject('years', key, Buffer.from('{}'), { lane: 'bulk' })));
    await client.close();

    await page.getByRole('treeitem', { name: /Open a bucket/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Open a bucket or prefix' });
    await dialog.getByRole('combobox', { name: 'Bucket' }).fill('years');
    await page.getByRole('option', { name: 'years' }).click();
    const list = dialog.getByRole('list', { name: 'Prefixes below years' });
    await list.getByRole('button', { name: 'y0001/', description: '4 objects', exact: true }).waitFor();
    await list.getByRole('button', { name: 'y0000/', description: '1 object', exact: true }).waitFor();
    const { violations } = await new AxeBuilder({ page }).include('[role="dialog"]').analyze();
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);

    await dialog.getByText('1,000 prefixes listed, more may follow.').waitFor();
    // Beyond what is listed S3 is asked for what begins so.
    const prefix = dialog.getByRole('textbox', { name: 'Prefix' });
    await prefix.fill('y100');
    await list.getByRole('button', { name: 'y1003/' }).waitFor();
    await prefix.fill('');
    await dialog.getByRole('button', { name: 'List more' }).click();
    await dialog.getByText('more may follow').waitFor({ state: 'detached' });

    await list.getByRole('button', { name: 'y0000/' }).focus();
    await page.keyboard.press('End');
    const focused = page.locator(':focus');
    await expect.poll(() => focused.textContent()).toContain('y1004/');
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => focused.textContent()).toContain('y1003/');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => focused.textContent()).toContain('y0001/');
    await page.keyboard.press('Enter');
    await expect.poll(() => prefix.inputValue()).toBe('y0001/');
    const inside = dialog.getByRole('list', { name: 'Prefixes below y0001/' });
    await inside.getByRole('button', { name: 'deep/', description: '1 object', exact: true }).waitFor();
    await expect.poll(() => focused.textContent()).toContain('Up to years');
    await page.keyboard.press('Enter');
    await expect.poll(() => prefix.inputValue()).toBe('');
  });
});
