import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../integration/support/sandbox.ts';
import { engineCases } from './all-cases.ts';
import { caseTitle } from './case.ts';
import { removeIndexProcess } from './engine/index-process.ts';
import { plainJson, runCase } from './run-case.ts';

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await startTestSandbox();
});

afterAll(async () => {
  await sandbox.stop();
  await removeIndexProcess();
});

for (const one of engineCases) {
  it(caseTitle(one), async () => {
    expect(await runCase(one, { name: 'sandbox', ...sandbox })).toEqual(plainJson(one.expected));
  });
}
