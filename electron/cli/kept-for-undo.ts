import type { Command } from 'commander';
import { formatBytes } from '../../shared/byte-size.ts';
import { KEPT_UNASKED, type JobPlan } from '../../shared/plan.ts';
import { AppFailure } from '../../shared/result.ts';
import { UsageError } from './usage-error.ts';

export interface UndoOptions {
  /** False with --no-undo. */
  readonly undo?: boolean;
}

export function addUndoOption(command: Command): Command {
  return command.option(
    '--no-undo',
    'keep nothing of what is there now on this machine: only versions of the bucket bring it back',
  );
}

/** As a job is asked for it; what is kept is left to `--yes` where nobody said that nothing is to be. */
export function undoableOf({ undo }: UndoOptions): { readonly undoable?: false } {
  return undo === false ? { undoable: false } : {};
}

/** ` It keeps up to 300 MB …`, behind what a job takes; empty where that is little. */
export function keptText(plan: JobPlan | null): string {
  if (plan?.kept == null || plan.kept <= KEPT_UNASKED) return '';
  return ` It keeps up to ${formatBytes(plan.kept)} of what is there now on this machine, so that it can be undone; --no-undo keeps nothing.`;
}

/** Says how a job can be started that would keep more than it may unasked. */
export function asKeptFailure(error: unknown): unknown {
  if (!(error instanceof AppFailure) || error.error.detail?.kept === undefined) return error;
  return new UsageError(`${error.error.message} Add --yes to keep it, or --no-undo.`);
}
