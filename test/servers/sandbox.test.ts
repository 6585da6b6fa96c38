import { afterAll, beforeAll, expect, it } from 'vitest';
import { operationNames } from '../../electron/sandbox/operations/route.ts';
import { knownServer } from '../../shared/known-servers.ts';
import { startTestSandbox, type TestSandbox } from '../integration/support/sandbox.ts';
import { engineCases, serverCases } from './all-cases.ts';
import { capabilityTable, readCapabilityTable } from './capability-table.ts';
import { caseTitle } from './case.ts';
import { missingCommand } from './commands.ts';
import { conformanceTable, readTable } from './conformance-table.ts';
import { readKnownServers } from './differences.ts';
import { CAPABILITIES } from './engine/conditions.ts';
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

it('docs/server-capabilities.md is what `npm run test:servers -- --update` would write', () => {
  expect(readCapabilityTable()).toBe(capabilityTable(engineCases, readKnownServers()));
});

it.each([
  ['localstack', 'localstack'],
  ['rgw', 'ceph'],
  ['versity', 'versity'],
] as const)('what %s is known to lack was found out of it', (name, server) => {
  const answers: unknown = readKnownServers()[name]?.differences[`Engine: conditions: ${CAPABILITIES}`]?.answers;
  expect(answers).toMatchObject(Object.fromEntries(knownServer(server).lacks.map((capability) => [capability, false])));
});

it('docs/s3-conformance.md is what `npm run test:servers -- --update` would write', () => {
  expect(readTable()).toBe(conformanceTable(serverCases, engineCases, readKnownServers()));
});
