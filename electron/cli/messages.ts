import type { Job } from '../../shared/job.ts';
import { AppFailure, type AppError } from '../../shared/result.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** What a command has to say beside its results, on standard error: sentences, or with `--json` a line of JSON each. */
export interface Messages {
  /** Worth knowing, no failure; `--quiet` leaves it out. */
  note(text: string): void;
  /** How a job gets on, for programs: with `--json` alone. */
  progress(job: Job): void;
  /** Part of the work failed, or all of it. `facts` are for programs. */
  failure(error: unknown, facts?: Readonly<Record<string, string | number>>): void;
}

export function createMessages(terminal: Pick<Terminal, 'say'>, options: MessageOptions): Messages {
  return {
    note: (text) => {
      if (options.quiet === true) return;
      terminal.say(options.json === true ? JSON.stringify({ note: text }) : `dipper: ${text}`);
    },
    progress: (job) => {
      if (options.json === true) terminal.say(JSON.stringify({ progress: job }));
    },
    failure: (error, facts = {}) => {
      const said = errorOf(error);
      terminal.say(options.json === true ? JSON.stringify({ ...facts, error: said }) : `dipper: ${said.message}`);
    },
  };
}

export interface MessageOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

function errorOf(error: unknown): AppError {
  if (error instanceof AppFailure) return error.error;
  if (error instanceof UsageError) {
    return { code: 'invalid-arguments', message: error.message, retryable: false };
  }
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'internal', message: `This failed because of a mistake in Dipper. ${cause}`, retryable: false };
}
