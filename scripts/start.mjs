// npm start: installs what is missing, builds what changed, then opens Dipper as `dipper` does: the desktop window, or
// the browser host where there can be no window (or where --browser asks for it).
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fail, projectFolder } from './set-up.mjs';

// In a process of its own: what a build takes, half a gigabyte, would be held for as long as Dipper runs.
const { status } = spawnSync(process.execPath, [join(projectFolder, 'scripts/build.mjs')], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

const child = spawn(process.execPath, [join(projectFolder, 'dist/node/cli.js'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
// Ctrl-C reaches the child by itself; here it must only not end us before the child has ended.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('error', (error) => fail(`Dipper could not be started: ${error.message}`));
child.on('exit', (code) => {
  process.exitCode = code ?? 0;
});
