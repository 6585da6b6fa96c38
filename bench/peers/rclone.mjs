import { firstLine } from '../support/find-program.mjs';

const program = process.env.BENCH_RCLONE ?? 'rclone';

/** No look before a copy and none behind it: that is rclone at its fastest. */
const FASTEST = ['--s3-no-check-bucket', '--s3-no-head', '--no-traverse', '--use-server-modtime', '--no-check-dest'];

export const rclone = {
  name: 'rclone',
  setting: '64 transfers',
  find: () => firstLine(program, ['version']),
  idle: () => ({ words: [program, 'version'] }),
  command: (work, place) => ({
    words: [program, '--config', '', '--transfers', '64', '--checkers', '64', ...wordsOf(work, place)],
    environment: {
      RCLONE_CONFIG_BENCH_TYPE: 's3',
      // With `AWS` it wants to leave bodies unsigned, which plain HTTP does not allow.
      RCLONE_CONFIG_BENCH_PROVIDER: 'Other',
      RCLONE_CONFIG_BENCH_ENDPOINT: place.endpoint,
      RCLONE_CONFIG_BENCH_REGION: 'us-east-1',
      RCLONE_CONFIG_BENCH_ACCESS_KEY_ID: 'bench',
      RCLONE_CONFIG_BENCH_SECRET_ACCESS_KEY: 'bench',
      RCLONE_CONFIG_BENCH_FORCE_PATH_STYLE: 'true',
    },
  }),
};

function wordsOf(work, { bucket, prefix, sourceFolder, targetFolder }) {
  const remote = `bench:${bucket}/${prefix}`;
  if (work === 'create') return [...FASTEST, 'copy', sourceFolder, remote];
  if (work === 'read') return [...FASTEST, 'copy', remote, targetFolder];
  if (work === 'delete') return ['delete', remote];
  return ['lsf', '-R', '--files-only', '--fast-list', remote];
}
