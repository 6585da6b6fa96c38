#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { scriptsIn } from '../application.ts';
import { runCommandLine } from './command-line.ts';
import { createTerminal, StopRequest } from './terminal.ts';

/** `dist/node`, where this is built to. */
const scriptFolder = import.meta.dirname;
const projectFolder = resolve(scriptFolder, '../..');

function versionOf(folder: string): string {
  return /"version":\s*"([^"]+)"/.exec(readFileSync(resolve(folder, 'package.json'), 'utf8'))?.[1] ?? '0';
}

const stop = new AbortController();
const terminal = createTerminal(process, process.env, stop.signal);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    const request = new StopRequest(signal);
    if (!stop.signal.aborted) {
      stop.abort(request);
      return;
    }
    // Who asks twice does not want to wait for a clean end. Our processes end when they lose this one.
    terminal.status(null);
    process.exit(request.exitCode);
  });
}

process.exitCode = await runCommandLine(process.argv.slice(2), terminal, {
  context: { version: versionOf(projectFolder), scripts: scriptsIn(scriptFolder) },
  rendererFolder: resolve(scriptFolder, '../renderer'),
  electronFolder: resolve(projectFolder, 'node_modules/electron'),
  applicationFolder: projectFolder,
});
