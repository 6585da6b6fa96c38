import { join } from 'node:path';
import { firstLine } from '../support/find-program.mjs';
import { environmentOf, python } from './environment.mjs';

const script = join(import.meta.dirname, 'work/python-peers.py');

export function boto3(threads) {
  return {
    name: `boto3-${threads}`,
    setting: `${threads} threads`,
    slow: true,
    reports: true,
    find: () => versionOf('boto3', 'boto3'),
    command: (work, place) => command('boto3', work, { ...place, threads }),
  };
}

export const dataknobs = {
  name: 'dataknobs',
  setting: 'its batches, which are sequential',
  slow: true,
  reports: true,
  /** Its records have types and times of its own: their bytes are others. */
  ownFormat: true,
  find: () => versionOf('dataknobs_data', 'dataknobs-data'),
  command: (work, place) => command('dataknobs', work, place),
};

function command(peer, work, place) {
  return { words: [python, script, peer, work, JSON.stringify(place)], environment: environmentOf(place) };
}

function versionOf(module, distribution) {
  const version = `import ${module}, importlib.metadata as m; print("${distribution} " + m.version("${distribution}"))`;
  return firstLine(python, ['-c', version]);
}
