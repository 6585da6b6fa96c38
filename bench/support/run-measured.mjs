import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';

/** How often the peak memory is looked at; a process that ends is seen once less. */
const LOOK_MILLISECONDS = 20;
/** A client that tries again for ever is ended. */
const MOST_MILLISECONDS = 10 * 60_000;

/**
 * A command as a process of its own, to its end. Answers `{ wall, cpu, memory, output, complaints, status }`: milliseconds,
 * `cpu` of it and all of its descendants (user and system), `memory` the sum of their peaks in bytes (null where the
 * system has no /proc). Node knows the CPU time of its children neither alive nor dead, so the shell's `times` says it.
 */
export async function runMeasured([file, ...args], { environment = {}, outputFile }) {
  const output = openSync(outputFile, 'w');
  const began = performance.now();
  const child = spawn('bash', ['-c', '"$@" 3>&-; status=$?; times >&3; exit $status', 'bash', file, ...args], {
    stdio: ['ignore', output, 'pipe', 'pipe'],
    env: { ...process.env, NO_PROXY: '127.0.0.1', ...environment, LC_ALL: 'C' },
    detached: true,
  });
  const tooLong = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), MOST_MILLISECONDS);
  closeSync(output);
  let complaints = '';
  let times = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (complaints = (complaints + text).slice(-4000)));
  child.stdio[3].setEncoding('utf8').on('data', (text) => (times += text));
  const peaks = new Map();
  const look = setInterval(() => {
    for (const pid of descendants(child.pid)) peaks.set(pid, peakOf(pid) ?? peaks.get(pid));
  }, LOOK_MILLISECONDS);
  let wall = 0;
  child.once('exit', () => (wall = performance.now() - began));
  const [code, ending] = await once(child, 'close');
  clearInterval(look);
  clearTimeout(tooLong);
  const known = [...peaks.values()].filter((peak) => peak !== undefined);
  return {
    status: code ?? ending,
    wall,
    cpu: childrenTime(times),
    memory: known.length === 0 ? null : known.reduce((sum, peak) => sum + peak, 0),
    complaints,
    outputFile,
  };
}

/** The second line of `times`: user and system time of the shell's children, as `0m1.234s`. */
function childrenTime(times) {
  const found = [...(times.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  return found.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000, 0);
}

function descendants(pid) {
  const children = (readOrNull(`/proc/${pid}/task/${pid}/children`) ?? '').split(' ').filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** Bytes, or undefined for a process that has ended. */
function peakOf(pid) {
  const found = /^VmHWM:\s+(\d+) kB/m.exec(readOrNull(`/proc/${pid}/status`) ?? '');
  return found === null ? undefined : Number(found[1]) * 1024;
}

function readOrNull(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // It ended between two looks.
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return null;
    throw error;
  }
}
