import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { BRIDGE_NAME, CLIENT_HEADER, TOKEN_HEADER, type Bridge } from '../../../shared/bridge.ts';
import type { Collection } from '../../../shared/collection.ts';
import { COLLECTION_DEFAULTS } from '../../../shared/collection.ts';
import type { Connection } from '../../../shared/connection.ts';
import type { Answer, Args, Channel } from '../../../shared/contract.ts';
import type { Result } from '../../../shared/result.ts';
import { connectionTo as connectionOfServer } from '../../integration/support/sandbox.ts';

export interface S3Server {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A call through the contract as the page makes it, in either shell. Throws what the answer says it failed of. */
export async function callAsPage<C extends Channel>(page: Page, channel: C, args: Args<C>): Promise<Answer<C>> {
  const call = { call: randomUUID(), channel, args };
  const headers = { [CLIENT_HEADER]: randomUUID(), 'content-type': 'application/json' };
  const text = await page.evaluate(
    async ({ bridgeName, tokenHeader, message, others }) => {
      const bridge: Bridge | undefined = Reflect.get(window, bridgeName);
      if (bridge !== undefined) return JSON.stringify(await bridge.invoke(message.channel, message.args, message.call));
      const token = window.sessionStorage.getItem('dipper.token') ?? '';
      const body = JSON.stringify(message);
      const response = await fetch('/api/call', { method: 'POST', headers: { ...others, [tokenHeader]: token }, body });
      return response.text();
    },
    { bridgeName: BRIDGE_NAME, tokenHeader: TOKEN_HEADER, message: call, others: headers },
  );
  const answer: Result<Answer<C>> = JSON.parse(text);
  if (!answer.ok) throw new Error(`${channel}: ${answer.error.message}`);
  return answer.value;
}

/** A connection to `server`, path style, with keys of its own; not saved. */
export function connectionTo(name: string, server: Omit<S3Server, 'secretAccessKey'>): Connection {
  return connectionOfServer(server, { id: randomUUID(), name });
}

/** Adds a connection to `server` and answers it. */
export function addConnection(page: Page, name: string, server: S3Server): Promise<Connection> {
  return callAsPage(page, 'connections:save', {
    connection: connectionTo(name, server),
    secret: { secretAccessKey: server.secretAccessKey, sessionToken: null },
  });
}

/** Adds a collection without looking at its bucket, which need not be there. */
export function addCollection(
  page: Page,
  place: Pick<Collection, 'connectionId' | 'name' | 'bucket'> & Partial<Collection>,
): Promise<Collection> {
  return callAsPage(page, 'collections:save', {
    collection: {
      id: randomUUID(),
      prefix: '',
      codec: 'plain',
      ...COLLECTION_DEFAULTS,
      ...place,
    },
  });
}
