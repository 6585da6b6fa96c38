import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildFromSource, projectFolder } from '../support/build-from-source.mjs';

const script = join(import.meta.dirname, 'work/dipper.mjs');

/** Bundled once a run. */
const engine = await buildFromSource({
  'create-s3-client': 'electron/engine/s3/create-s3-client.ts',
  'create-record-batches': 'electron/engine/records/create-record-batches.ts',
  capabilities: 'electron/engine/s3/capabilities.ts',
});
process.once('exit', () => rmSync(engine, { recursive: true, force: true }));

export const dipper = engineAs({ name: 'dipper', setting: 'its engine in a new process of Node, its own pace' });

/** A command of the command line is a new process; the application is open for hours, and has listed and read before it writes. */
export const dipperOpen = {
  ...engineAs({
    name: 'dipper-open',
    setting: 'the same in a process that did the same work before, as an application that is open',
    worksBefore: true,
  }),
  isFor: ({ work, isLong }) => (work === 'create' || work === 'read') && isLong !== true,
};

/**
 * As many as s5cmd has workers, where there is latency: who sets a limit is to get all that so many connections can bring. A
 * quarter of `maxWorkers`, 16 at most, is kept for clicks.
 */
export const dipper256 = {
  ...engineAs({ name: 'dipper-256', setting: 'the same with `maxWorkers` 272: 256 at once', maxWorkers: 272 }),
  isFor: ({ conditions, work }) => conditions.latency > 0 && work !== 'delete',
};

function engineAs({ name, setting, maxWorkers = null, worksBefore = false }) {
  return {
    name,
    setting,
    reports: true,
    worksBefore,
    find: () => {
      const revision = execFileSync('git', ['describe', '--always', '--dirty'], {
        cwd: projectFolder,
        encoding: 'utf8',
      });
      return `dipper ${revision.trim()} on Node ${process.versions.node}`;
    },
    command: (work, place) => ({
      words: [process.execPath, script, work, JSON.stringify({ ...place, engine, maxWorkers, worksBefore })],
    }),
  };
}
