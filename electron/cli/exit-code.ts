import { AppFailure, type AppError } from '../../shared/result.ts';
import { StopRequest } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** 0 done, 1 failed, 2 wrong usage, 3 done with errors, 130 stopped by Ctrl-C (129 by SIGHUP, 143 by SIGTERM). */
export type ExitCode = 0 | 1 | 2 | 3 | StopRequest['exitCode'];

export const EXIT_CODES: readonly (readonly [code: number, meaning: string])[] = [
  [0, 'done'],
  [1, 'failed'],
  [2, 'wrong usage'],
  [3, 'done with errors'],
  [130, 'stopped by Ctrl-C'],
];

export function exitCodeOf(error: unknown, signal: AbortSignal): ExitCode {
  if (isStop(error, signal) && signal.reason instanceof StopRequest) return signal.reason.exitCode;
  if (error instanceof UsageError) return 2;
  return error instanceof AppFailure && isWrongUsage(error.error) ? 2 : 1;
}

/** Whether the work ended because the person wanted it to. */
export function isStop(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted && error instanceof AppFailure && ENDS_BY_STOP.has(error.error.code);
}

/** Ctrl-C reaches a whole group of processes: the Dipper that this command works through may end first. */
const ENDS_BY_STOP: ReadonlySet<string> = new Set(['aborted', 'connection-lost']);

/** A server may call arguments invalid too; that is a failure, not a misuse of the command. */
function isWrongUsage({ code, detail }: AppError): boolean {
  const isUsage = code === 'invalid-arguments' || code === 'invalid-query' || code === 'pattern-refused';
  return isUsage && detail?.status === undefined;
}
