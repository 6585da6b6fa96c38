import { randomUUID } from 'node:crypto';

/** A call through the contract, as the page makes it. */
export async function call(page, channel, args) {
  const answer = await page.evaluate(
    async ([message, client]) => {
      const headers = {
        'content-type': 'application/json',
        'x-dipper-token': sessionStorage.getItem('dipper.token') ?? '',
        'x-dipper-client': client,
      };
      const response = await fetch('/api/call', { method: 'POST', headers, body: JSON.stringify(message) });
      return response.json();
    },
    [{ call: randomUUID(), channel, args }, randomUUID()],
  );
  if (!answer.ok) throw new Error(`${channel}: ${answer.error.message}`);
  return answer.value;
}

export function collectionOf(name, connectionId, bucket, prefix) {
  return {
    id: name,
    connectionId,
    name,
    bucket,
    prefix,
    codec: 'plain',
    keyTemplate: '{id}.json',
    tagMapping: false,
    defaultStorageClass: null,
    encryption: null,
    cacheTtlSeconds: 60,
    maxWorkers: null,
    indexSizeCap: 4 * 1024 * 1024,
    memoryOnly: true,
  };
}

export async function open(page, name) {
  await page.getByRole('treeitem', { name: new RegExp(`^${name}`) }).click();
  await page.getByRole('tab', { name, selected: true }).waitFor();
  await page
    .getByRole('status')
    .filter({ hasText: /synced/ })
    .first()
    .waitFor();
}

export async function condition(page, field, operator, label, value) {
  const row = page.getByRole('group', { name: 'new condition' });
  await row.getByRole('combobox', { name: 'Field' }).fill(field);
  await page.getByRole('option', { name: new RegExp(`^${field} `) }).click();
  const filled = page.getByRole('group', { name: `${field} condition` });
  await filled.getByRole('combobox', { name: 'Operator' }).click();
  await page.getByRole('option', { name: operator, exact: true }).click();
  await filled.getByRole('textbox', { name: label }).fill(value);
}
