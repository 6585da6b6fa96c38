import { AppFailure, type AppError } from '../../shared/result.ts';
import { UsageError } from './usage-error.ts';

/** 0 done, 1 failed, 2 wrong usage, 3 done with errors. */
export type ExitCode = 0 | 1 | 2 | 3;

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError) return 2;
  return error instanceof AppFailure && isWrongUsage(error.error) ? 2 : 1;
}

/** A server may call arguments invalid too; that is a failure, not a misuse of the command. */
function isWrongUsage({ code, detail }: AppError): boolean {
  const isUsage = code === 'invalid-arguments' || code === 'invalid-query' || code === 'pattern-refused';
  return isUsage && detail?.status === undefined;
}
