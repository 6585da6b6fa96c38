import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RequestOf } from '../../shared/job.ts';
import type { ExitCode } from './exit-code.ts';
import { runJobBeside } from './follow-job.ts';
import type { CommandContext, OpenDipper } from './session.ts';

/** What stands for it in place of a file's name. */
export const STANDARD_OUTPUT = '-';

/**
 * Exports to standard output, by way of a file of its own: what is not whole is not written, and the job may run in another
 * process than this one.
 */
export async function exportToOutput(
  context: CommandContext,
  open: OpenDipper,
  job: Omit<RequestOf<'export'>, 'target'>,
): Promise<ExitCode> {
  const folder = await mkdtemp(join(tmpdir(), 'dipper-export-'));
  try {
    const path = join(folder, 'records');
    const code = await runJobBeside(context, open, { ...job, target: { path, overwrite: false } });
    for await (const piece of createReadStream(path)) await context.terminal.write(piece);
    return code;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
