import { existsSync, readFileSync } from 'node:fs';

const TICKS_A_SECOND = 100;
/** Of the first line of `/proc/stat`, behind its name. */
const STEAL = 7;

/**
 * Milliseconds of all cores, since the machine's start, in which a virtual machine was ready to run and its host ran others; null
 * where nobody says it (Linux does). What is late in such a time says nothing of who was late.
 */
export function stolenTime() {
  if (!existsSync('/proc/stat')) return null;
  const [first = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const ticks = first.trim().split(/\s+/).slice(1)[STEAL];
  return ticks === undefined ? null : (Number(ticks) * 1000) / TICKS_A_SECOND;
}
