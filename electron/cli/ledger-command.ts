import { formatBytes } from '../../shared/byte-size.ts';
import { requestCount, type LedgerDay } from '../../shared/ledger.ts';
import { createCaller } from '../ipc/caller.ts';
import { attach } from './session.ts';
import { textTable } from './text-table.ts';
import { visibleText } from './text-width.ts';
import { describeVerb, type AddVerb } from './verb.ts';

export const addLedgerCommand: AddVerb = (program, run) => {
  const command = program.command('ledger').action((_: object, self) =>
    run(self, async (context) => {
      const { terminal, messages, options } = context;
      const attachment = await attach(context, 'command-line');
      const caller = createCaller(attachment.door);
      try {
        const ledger = await caller.call('ledger:read', {}, terminal.signal);
        if (options.json === true) {
          for (const day of ledger.days) await terminal.write(`${JSON.stringify(day)}\n`);
          return 0;
        }
        if (ledger.days.length === 0) {
          await terminal.write('No request was sent yet.\n');
          return 0;
        }
        await terminal.write(dayTable(ledger.days));
        if (ledger.days.some(({ cost }) => cost !== null)) {
          messages.note(
            `The cost is that of requests and of reading from colder classes, at the prices of ${ledger.prices.region} of ${ledger.prices.date}.`,
          );
        }
        return 0;
      } finally {
        caller.close();
        await attachment.close();
      }
    }),
  );
  describeVerb(command, {
    summary: 'what the requests of each day came to',
    details:
      'Every request that Dipper sent, by day of UTC and connection, with the bytes of bodies and, for AWS, US dollars. Storage, and what leaves AWS, are not in them. Sends no request.',
    examples: ['dipper ledger', 'dipper ledger --json'],
    json: 'a line a day and connection: {"day", "connection", "connectionName", "requests", "bytesUp", "bytesDown", "cost"}, cost being null where the server is not Amazon\'s',
  });
};

function dayTable(days: readonly LedgerDay[]): string {
  return textTable(
    [
      { title: 'day' },
      { title: 'connection' },
      ...['requests', 'sent', 'received', 'cost'].map((title) => ({ title, alignRight: true })),
    ],
    days.map(({ day, connectionName, requests, bytesUp, bytesDown, cost }) => [
      day,
      visibleText(connectionName),
      String(requestCount(requests)),
      formatBytes(bytesUp),
      formatBytes(bytesDown),
      cost === null ? '-' : `$${cost.toFixed(6)}`,
    ]),
  );
}
