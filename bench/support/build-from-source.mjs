import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const projectFolder = resolve(import.meta.dirname, '../..');

/**
 * Bundles source files, `{ name: 'electron/…/file.ts' }`; answers the folder that has `name.mjs` of each. A process of its own
 * does it, so that the bundler is not in the memory that is measured.
 */
export async function buildFromSource(input) {
  // Inside of the project, where Node finds the packages: they stay outside, so that a profile tells them from our code.
  mkdirSync(join(projectFolder, 'dist'), { recursive: true });
  const folder = mkdtempSync(join(projectFolder, 'dist/bench-'));
  await run(process.execPath, [join(import.meta.dirname, 'bundle.mjs'), folder, JSON.stringify(input)]);
  return folder;
}
