import { allCases, engineCases, serverCases } from './all-cases.ts';
import { capabilityTable, writeCapabilityTable } from './capability-table.ts';
import { caseTitle, type ServerUnderTest } from './case.ts';
import { missingCommand } from './commands.ts';
import { removeIndexProcess } from './engine/index-process.ts';
import { conformanceTable, writeTable } from './conformance-table.ts';
import { differencesAfter, judge, readKnownServers, writeKnownServers, type KnownServers } from './differences.ts';
import { plainJson, runCase } from './run-case.ts';

export interface RunOptions {
  readonly servers: readonly ServerUnderTest[];
  /** Cases whose title holds this text; all without. */
  readonly only: string;
  /** Writes what was seen into known-differences.json and the two pages in docs/. */
  readonly update: boolean;
}

export interface Sum {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Runs the cases against each server and prints where they differ from what is expected. */
export async function runServers({ servers, only, update }: RunOptions): Promise<Sum> {
  const cases = allCases.filter((one) => caseTitle(one).includes(only));
  const sum = { passed: 0, failed: 0, skipped: 0 };
  let known: KnownServers = readKnownServers();
  for (const server of servers) {
    const before = known[server.name] ?? { title: server.name, differences: {} };
    const counts = { 'as expected': 0, known: 0, new: 0, healed: 0 };
    const seen = new Map<string, unknown>();
    console.log(`\n${before.title} at ${server.endpoint}`);
    for (const one of cases) {
      const title = caseTitle(one);
      const missing = missingCommand(one);
      if (missing !== null) {
        console.log(`skipped: ${title} (${server.name}): ${missing}`);
        sum.skipped += 1;
        continue;
      }
      const answer = await runCase(one, server);
      const verdict = judge(one, answer, before.differences[title]);
      seen.set(title, answer);
      counts[verdict] += 1;
      if (verdict === 'new') report('NEW', title, one.expected, answer);
      if (verdict === 'known') report('known', title, one.expected, answer);
      if (verdict === 'healed') {
        console.log(`  healed: ${title}: as expected now; take it out of the known differences`);
      }
    }
    console.log(
      `  ${counts['as expected'] + counts.healed} as expected, ${counts.known} known to differ, ${counts.new} differ anew, ${counts.healed} healed`,
    );
    sum.passed += counts['as expected'] + counts.known + counts.healed;
    sum.failed += counts.new;
    known = {
      ...known,
      [server.name]: { ...before, differences: differencesAfter(allCases, before.differences, seen) },
    };
  }
  await removeIndexProcess();
  if (update) {
    await writeKnownServers(known);
    writeTable(conformanceTable(serverCases, engineCases, known));
    writeCapabilityTable(capabilityTable(engineCases, known));
    console.log('\nWritten: test/servers/known-differences.json, docs/s3-conformance.md, docs/server-capabilities.md');
  }
  return sum;
}

function report(kind: string, title: string, expected: unknown, answer: unknown): void {
  console.log(
    `  ${kind}: ${title}\n    expected: ${JSON.stringify(plainJson(expected))}\n    here:     ${JSON.stringify(answer)}`,
  );
}
