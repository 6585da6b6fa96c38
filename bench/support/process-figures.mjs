import { readFileSync } from 'node:fs';

/** Seconds of the processor; Linux counts them in hundredths. */
export function processorOf(pid) {
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13).map(Number);
  return (user + system) / 100;
}

/** Megabytes, those that processes share divided among them (PSS). */
export function memoryOf(pid) {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]) / 1024;
}

/** The process of the index, which this one has started. */
export function indexProcess() {
  const children = readFileSync('/proc/thread-self/children', 'utf8').trim().split(' ');
  const found = children.findLast((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('index-process'));
  if (found === undefined) throw new Error('There is no process of the index.');
  return Number(found);
}
