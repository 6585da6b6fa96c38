import { z } from 'zod';
import { handle } from './handler.ts';
import type { Services } from './services.ts';

const MOST_ENTRIES = 1_000;

export function requestHandlers({ requestLog, ledger }: Services) {
  return {
    'ledger:read': handle('ledger:read', z.strictObject({}), () => Promise.resolve(ledger.read())),
    'requests:list': handle(
      'requests:list',
      z.strictObject({
        after: z.number().int().min(0).optional(),
        filter: z
          .strictObject({
            text: z.string().max(2_000).optional(),
            failed: z.boolean().optional(),
            triedAgain: z.boolean().optional(),
            connection: z.string().max(200).optional(),
          })
          .optional(),
      }),
      ({ after, filter }) => Promise.resolve(requestLog.list(after ?? 0, filter ?? {}, MOST_ENTRIES)),
    ),
    'requests:clear': handle('requests:clear', z.strictObject({}), () => {
      requestLog.clear();
      return Promise.resolve(null);
    }),
  };
}
