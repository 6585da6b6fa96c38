#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { scriptsIn } from '../application.ts';
import { runCommandLine } from './command-line.ts';
import { createTerminal } from './terminal.ts';

/** `dist/node`, where this is built to. */
const scriptFolder = import.meta.dirname;
const projectFolder = resolve(scriptFolder, '../..');

function versionOf(folder: string): string {
  return /"version":\s*"([^"]+)"/.exec(readFileSync(resolve(folder, 'package.json'), 'utf8'))?.[1] ?? '0';
}

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // Who asks twice does not want to wait for a clean end.
    if (stop.signal.aborted) process.exit(1);
    stop.abort();
  });
}

process.exitCode = await runCommandLine(process.argv.slice(2), createTerminal(process, process.env, stop.signal), {
  context: { version: versionOf(projectFolder), scripts: scriptsIn(scriptFolder) },
  rendererFolder: resolve(scriptFolder, '../renderer'),
  electronFolder: resolve(projectFolder, 'node_modules/electron'),
  applicationFolder: projectFolder,
});
