import { firstLine } from '../support/find-program.mjs';
import { environmentOf } from './environment.mjs';

const program = process.env.BENCH_AWS ?? 'aws';

export const awsCli = {
  name: 'aws-cli',
  setting: 'as installed: 10 requests at once',
  slow: true,
  find: () => firstLine(program, ['--version']),
  idle: () => ({ words: [program, '--version'] }),
  command: (work, place) => ({ words: [program, 's3', ...wordsOf(work, place)], environment: environmentOf(place) }),
};

function wordsOf(work, { bucket, prefix, sourceFolder, targetFolder }) {
  const remote = `s3://${bucket}/${prefix}`;
  if (work === 'create') return ['cp', '--recursive', '--only-show-errors', sourceFolder, remote];
  if (work === 'read') return ['cp', '--recursive', '--only-show-errors', remote, targetFolder];
  if (work === 'delete') return ['rm', '--recursive', '--only-show-errors', remote];
  return ['ls', '--recursive', remote];
}
