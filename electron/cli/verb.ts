import { Option, type Command } from 'commander';
import type { ExitCode } from './exit-code.ts';
import type { CommandContext } from './session.ts';

/** Runs a verb's work with the global options of `command` and turns what it throws into an exit code. */
export type RunVerb = (command: Command, work: (context: CommandContext) => Promise<ExitCode>) => Promise<void>;

/** Declares a verb on the program. */
export type AddVerb = (program: Command, run: RunVerb) => void;

/** What help says of a verb beyond its arguments and options. */
export interface VerbText {
  /** One line, for the list of verbs. */
  readonly summary: string;
  /** One or two sentences more, for the verb's own help. */
  readonly details: string;
  /** Lines of a shell that work as they are written, against the sandbox. */
  readonly examples: readonly string[];
  /** What `--json` prints: the shape of a line, or a sentence. */
  readonly json: string;
}

const texts = new WeakMap<Command, VerbText>();

export function describeVerb(command: Command, text: VerbText): Command {
  texts.set(command, text);
  const { summary, details } = text;
  const sentence = `${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}${summary.endsWith('.') ? '' : '.'}`;
  return command.summary(summary).description(`${sentence}\n${details}`);
}

export function verbText(command: Command): VerbText | undefined {
  return texts.get(command);
}

export const URL_ARGUMENT = ['<url>', 's3://bucket/prefix/, the records below a prefix'] as const;
export const ID_TEXT = 'id of the record, or its key below the prefix';

export const REFRESH = ['--refresh', 'list the bucket even if that was done within the last minute'] as const;
export const STATS = [
  '--stats',
  'requests, bytes, time and the size of the index as a line of JSON on standard error',
] as const;
export const QUERY_FILE = ['--query <file>', 'a query as JSON; - is standard input'] as const;
export const WHERE = ['--where <conditions>', "conditions as text, such as 'rating > 8'"] as const;
export const WITHOUT_TAGS = ['--without-tags', 'save although the tags of the object cannot be kept'] as const;
export const PORT_TEXT = 'port of 127.0.0.1; without it a free one';

/** For an option that can be given again. */
export function gather(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** An option that takes one of a few words. */
export function choiceOption(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).choices(choices);
}
