// Runs before anything else, so it uses Node alone: checks Node's version and installs what package-lock.json asks for.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectFolder = dirname(dirname(fileURLToPath(import.meta.url)));

/** Vite and the linter need 20.19; what is built runs on 20.18 too, because Electron 33 brings that. */
const LEAST_NODE = [20, 19];

export function setUp() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1])) {
    fail(
      `Dipper needs Node ${LEAST_NODE.join('.')} or newer; this is Node ${process.versions.node}. Install a newer one and try again.`,
    );
  }
  if (installed()) return;
  process.stderr.write('Installing what Dipper needs (once)\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const result = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: projectFolder,
    // Standard output belongs to the command that runs after this.
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.error) fail(`npm could not be started: ${result.error.message}`);
  if (result.status !== 0) fail('npm ci failed; its own message is above. Mend that and try again.');
}

/** npm writes this file at the end of an installation; older than the lock file means that the lock has moved on. */
function installed() {
  const marker = join(projectFolder, 'node_modules', '.package-lock.json');
  return existsSync(marker) && statSync(marker).mtimeMs >= statSync(join(projectFolder, 'package-lock.json')).mtimeMs;
}

export function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
