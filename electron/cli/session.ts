import { attachToDataFolder, chooseDataFolder, type ApplicationOptions, type Attachment } from '../application.ts';
import { AppFailure } from '../../shared/result.ts';
import { createCaller, type Caller } from '../ipc/caller.ts';
import type { Shell } from '../ipc/socket-messages.ts';
import { isStop, type ExitCode } from './exit-code.ts';
import { chooseTarget, type GlobalOptions } from './global-options.ts';
import type { Messages } from './messages.ts';
import { parseS3Url } from './s3-url.ts';
import { showProgress } from './sync-progress.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** What every verb is given. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly messages: Messages;
  readonly options: GlobalOptions;
  /** Where the built program is and how it starts its processes. */
  readonly program: Pick<ApplicationOptions, 'version' | 'scripts'>;
}

/** The records that a command's URL names, reached through the owner of the data folder. */
export interface OpenCollection {
  readonly caller: Caller;
  readonly collection: string;
  readonly signal: AbortSignal;
}

export async function attach(context: CommandContext, shell: Shell): Promise<Attachment> {
  return attachToDataFolder({
    ...context.program,
    shell,
    dataFolder: chooseDataFolder(context.options.dataDir ?? null, context.terminal.environment),
  });
}

/** Runs `work` on the collection of `url`, as a guest of the running owner or as the owner for as long as it takes. */
export async function withCollection(
  context: CommandContext,
  url: string,
  work: (open: OpenCollection) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { terminal, messages, options } = context;
  const { bucket, prefix } = parseS3Url(url);
  const attachment = await attach(context, 'command-line');
  const progress = showProgress(context);
  const caller = createCaller(attachment.door, progress.onEvent);
  try {
    const { signal } = terminal;
    const target = await chooseTarget(options, terminal.environment, () => caller.call('connections:list', {}, signal));
    const opened = await caller.call(
      'collections:open-url',
      { bucket, prefix, codec: options.codec ?? null, target },
      signal,
    );
    for (const note of opened.notes) messages.note(note);
    progress.follow(opened.collection);
    return await work({ caller, collection: opened.collection, signal });
  } finally {
    caller.close();
    // May wait for other commands that work through this one: after Ctrl-C the line says how not to.
    await attachment.close();
    progress.end();
  }
}

/** Says in the failure of a call that was stopped what became of the work. */
export async function orStopped<T>(call: Promise<T>, signal: AbortSignal, sentence: string): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (isStop(error, signal)) throw new AppFailure('aborted', `Stopped. ${sentence}`, { cause: error });
    throw error;
  }
}

/** The contract refuses it too, but in words of its own. */
export function givenId(id: string): string {
  if (id === '') throw new UsageError('The id is empty. "dipper query" shows the ids of the records.');
  return id;
}
