// npm test: installs what is missing, then types, lint, format, unit, integration and end-to-end tests. The last line is
// the sum, alone: `N passed, N failed, N skipped`.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFolder, setUp } from './set-up.mjs';

const sum = { passed: 0, failed: 0, skipped: 0 };
const skippedNames = [];
const failures = [];
const secondTries = [];

setUp();
// At once: the last of them uses one core alone.
await Promise.all([
  check('types', ['node_modules/typescript/bin/tsc', '-b']),
  check('lint', ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings']),
  check('format', ['node_modules/oxfmt/bin/oxfmt', '--check']),
]);
const { build } = await import('./build.mjs');
await build();
runTests('unit and integration', ['--project', 'unit', '--project', 'integration']);

const { findBrowser } = await import('./find-browser.mjs');
const browser = await findBrowser();
if (browser) {
  process.env.DIPPER_TEST_BROWSER = browser;
  runTests('end to end', ['--project', 'e2e']);
} else {
  process.stderr.write(
    'No browser for the end-to-end tests. Install Chrome or Chromium, or set DIPPER_TEST_BROWSER to one.\n',
  );
  sum.failed += 1;
}

for (const name of skippedNames) console.log(`skipped: ${name}`);
for (const test of secondTries) console.log(`passed at its second try: ${test}`);
for (const test of failures) console.log(`failed: ${test}`);
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed === 0 ? 0 : 1;

async function check(name, command) {
  const [status] = await once(spawn(process.execPath, command, { cwd: projectFolder, stdio: 'inherit' }), 'exit');
  console.log(`${name}: ${status === 0 ? 'passed' : 'failed'}`);
  sum[status === 0 ? 'passed' : 'failed'] += 1;
}

function runTests(name, projects) {
  const folder = mkdtempSync(join(tmpdir(), 'dipper-test-report-'));
  const report = join(folder, 'report.json');
  const command = [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...projects,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const result = spawnSync(process.execPath, command, { cwd: projectFolder, stdio: 'inherit' });
  const before = { ...sum };
  try {
    const outcome = JSON.parse(readFileSync(report, 'utf8'));
    sum.passed += outcome.numPassedTests;
    sum.failed += outcome.numFailedTests;
    sum.skipped += outcome.numPendingTests + outcome.numTodoTests;
    for (const file of outcome.testResults) {
      // A file that could not even be loaded has no tests, yet it failed.
      if (file.status === 'failed' && file.assertionResults.length === 0) {
        sum.failed += 1;
        failures.push(`${file.name}: ${firstLine(file.message)}`);
      }
      for (const test of file.assertionResults) {
        const { status, fullName, failureMessages } = test;
        if (status === 'pending' || status === 'skipped') skippedNames.push(fullName);
        else if (status === 'failed') failures.push(`${fullName}: ${firstLine(failureMessages[0])}`);
        // The messages of the first try stay in the report.
        else if (failureMessages.length > 0) secondTries.push(`${fullName}: ${firstLine(failureMessages[0])}`);
      }
    }
  } catch (error) {
    console.log(`${name}: no report (${error.message})`);
  }
  rmSync(folder, { recursive: true, force: true });
  // A run that broke without naming a test, or that ran none, is a failure all the same.
  if ((result.status !== 0 && sum.failed === before.failed) || sum.passed === before.passed) sum.failed += 1;
}

function firstLine(message) {
  return (message ?? '').split('\n', 1)[0];
}
