import type { Command } from 'commander';
import type { ExitCode } from './exit-code.ts';
import type { CommandContext } from './session.ts';

/** Runs a verb's work with the global options of `command` and turns what it throws into an exit code. */
export type RunVerb = (command: Command, work: (context: CommandContext) => Promise<ExitCode>) => Promise<void>;

/** Declares a verb on the program. */
export type AddVerb = (program: Command, run: RunVerb) => void;

export const URL_ARGUMENT = ['<url>', 's3://bucket/prefix/'] as const;
