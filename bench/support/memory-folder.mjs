import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Where files cost no disk: what the tools that copy files are measured with. */
export function memoryFolder() {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
}
