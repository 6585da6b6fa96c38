import { execFileSync } from 'node:child_process';

/** The first line that a program prints, or null where it cannot be run. */
export function firstLine(file, args) {
  try {
    const output = execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 60_000 });
    return output.trim().split('\n', 1)[0];
  } catch {
    return null;
  }
}
