import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const MOST_FUNCTIONS = 12;

/**
 * What the profiles of a folder say of the time that the work took: how much of it the main thread waited for, ran our
 * code, packages, Node and the rest, and the functions of ours that cost most themselves. What V8 does for a function
 * without calling another (a search in a map, an object made) counts as that function's. Profiling slows small
 * functions more than large ones.
 */
export function describeProfiles(folder) {
  const owners = new Map();
  const functions = new Map();
  for (const file of readdirSync(folder)) {
    for (const { frame, time } of selfTimes(JSON.parse(readFileSync(join(folder, file), 'utf8')))) {
      const owner = ownerOf(frame);
      add(owners, owner, time);
      if (owner === 'Dipper')
        add(functions, `${frame.functionName || '(nameless)'}, line ${frame.lineNumber + 1}`, time);
    }
  }
  const total = [...owners.values()].reduce((sum, time) => sum + time, 0);
  const lines = (times, most) =>
    [...times]
      .toSorted(([, left], [, right]) => right - left)
      .slice(0, most)
      .map(([name, time]) => `  ${((time / total) * 100).toFixed(1).padStart(5)} % ${name}`);
  return [...lines(owners, owners.size), '  of Dipper:', ...lines(functions, MOST_FUNCTIONS)].join('\n');
}

function* selfTimes({ nodes, samples, timeDeltas }) {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  for (const [place, id] of samples.entries()) yield { frame: frames.get(id), time: timeDeltas[place] };
}

function ownerOf({ url, functionName }) {
  if (functionName === '(idle)') return 'waiting for sockets';
  if (functionName === '(garbage collector)') return 'garbage collector';
  if (functionName === '(program)') return 'native code without a name';
  if (url === '') return 'native functions (sockets, hashes, text)';
  if (url.startsWith('node:internal/modules')) return 'Node, loading modules';
  if (/^node:(internal\/)?crypto/.test(url)) return 'Node, cryptography';
  if (/^node:(net|internal\/(streams|stream_base))/.test(url)) return 'Node, sockets and streams';
  if (url.startsWith('node:')) return 'Node, other';
  const inPackages = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url);
  if (inPackages !== null) return inPackages[1];
  return url.includes('/dist/bench-') ? 'Dipper' : 'the measurement itself';
}

function add(times, name, time) {
  times.set(name, (times.get(name) ?? 0) + time);
}
