import { afterAll, beforeAll, expect, it } from 'vitest';
import { operationNames } from '../../electron/sandbox/operations/route.ts';
import { startTestSandbox, type TestSandbox } from '../integration/support/sandbox.ts';
import { engineCases, serverCases } from './all-cases.ts';
import { caseTitle } from './case.ts';
import { missingCommand } from './commands.ts';
import { conformanceTable, readTable } from './conformance-table.ts';
import { readKnownServers } from './differences.ts';
import { plainJson, runCase } from './run-case.ts';

let sandbox: TestSandbox;

beforeAll(async () => {
  // A restore takes longer here than any case, so that a slow machine sees the same.
  sandbox = await startTestSandbox({ clock: { now: () => Date.now(), restoreMilliseconds: 600_000 } });
});

afterAll(async () => {
  await sandbox.stop();
});

for (const one of serverCases) {
  it(caseTitle(one), async (context) => {
    const missing = missingCommand(one);
    if (missing !== null) context.skip(missing);
    expect(await runCase(one, { name: 'sandbox', ...sandbox })).toEqual(plainJson(one.expected));
  });
}

it('every operation of the sandbox has a case', () => {
  const tried = new Set(serverCases.map(({ operation }) => operation));
  expect(operationNames().filter((name) => !tried.has(name))).toEqual([]);
});

it('docs/s3-conformance.md is what `npm run test:servers -- --update` would write', () => {
  expect(readTable()).toBe(conformanceTable(serverCases, engineCases, readKnownServers()));
});
