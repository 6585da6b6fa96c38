// npm run test:long: the tests that have a longer form, in it, and nothing else: kill -9 at 200 points, random writes and
// queries by the thousand. Some minutes; run it before a release.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder, setUp } from './set-up.mjs';

setUp();
const { build } = await import('./build.mjs');
await build();

const folder = join(projectFolder, 'test/integration');
const files = readdirSync(folder, { recursive: true })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => join(folder, name))
  .filter((path) => readFileSync(path, 'utf8').includes('DIPPER_TEST_LONG'));
const result = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...files], {
  cwd: projectFolder,
  stdio: 'inherit',
  env: { ...process.env, DIPPER_TEST_LONG: '1' },
});
process.exitCode = result.status ?? 1;
