// npm start: installs what is missing, builds what changed, then opens Dipper as `dipper` does: the desktop window, or
// the browser host where there can be no window (or where --browser asks for it).
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fail, projectFolder, setUp } from './set-up.mjs';

setUp();
const { build } = await import('./build.mjs');
await build();

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
