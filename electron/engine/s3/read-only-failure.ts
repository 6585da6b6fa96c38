import { AppFailure } from '../../../shared/result.ts';

/** `connection`: its name. */
export function readOnlyFailure(connection: string): AppFailure {
  return new AppFailure(
    'read-only',
    `The connection ${connection} is read-only: nothing was sent. Switch that off in the connection's settings to write through it.`,
  );
}
