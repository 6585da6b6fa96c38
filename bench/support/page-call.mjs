import { randomUUID } from 'node:crypto';

/** One for all calls: the browser host lets go of clients without a stream that are too many. */
const CLIENT = randomUUID();

/** A call through the contract from the page, in a window or over HTTP (shared/bridge.ts). Throws what the answer failed of. */
export async function callAsPage(page, channel, args) {
  const answer = await page.evaluate(
    async ({ message, client }) => {
      if (window.dipper !== undefined) return window.dipper.invoke(message.channel, message.args, message.call);
      const response = await fetch('/api/call', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-dipper-client': client,
          'x-dipper-token': window.sessionStorage.getItem('dipper.token') ?? '',
        },
        body: JSON.stringify(message),
      });
      return response.json();
    },
    { message: { call: randomUUID(), channel, args }, client: CLIENT },
  );
  if (!answer.ok) throw new Error(`${channel}: ${answer.error.message}`);
  return answer.value;
}
