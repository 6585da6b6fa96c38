import { attachToDataFolder, chooseDataFolder, type ApplicationOptions, type Attachment } from '../application.ts';
import type { EventMessage } from '../../shared/bridge.ts';
import type { CodecName } from '../../shared/collection.ts';
import { AppFailure } from '../../shared/result.ts';
import { createCaller, type Caller } from '../ipc/caller.ts';
import type { Shell } from '../ipc/socket-messages.ts';
import { isStop, type ExitCode } from './exit-code.ts';
import { giveCodeFirst } from './follow-sign-in.ts';
import { chooseTarget, type GlobalOptions, type TargetQuestions } from './global-options.ts';
import type { Messages } from './messages.ts';
import { parseS3Url } from './s3-url.ts';
import { showProgress } from './shown-progress.ts';
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

/** The contract, reached through the owner of the data folder or as the owner. */
export interface OpenDipper {
  readonly caller: Caller;
  readonly signal: AbortSignal;
  /** Calls `listener` for each event from now on. */
  readonly onEvent: (listener: (event: EventMessage) => void) => void;
  /** Resolves when the Dipper that this command works through has ended; null where it works through none. */
  readonly ownerEnded: Promise<void> | null;
}

/** The records that a command's URL names. */
export interface OpenCollection extends OpenDipper {
  readonly collection: string;
  readonly codec: CodecName;
  /** The same place, read otherwise, where nothing that is there says how; itself where `--codec` or what is there does. */
  readonly assuming: (codec: CodecName, why: string) => Promise<OpenCollection>;
}

export async function attach(context: CommandContext, shell: Shell): Promise<Attachment> {
  return attachToDataFolder({
    ...context.program,
    shell,
    dataFolder: chooseDataFolder(context.options.dataDir ?? null, context.terminal.environment),
  });
}

/** Runs `work` as a guest of the running owner, or as the owner for as long as it takes. */
export async function withDipper(
  context: CommandContext,
  work: (open: OpenDipper) => Promise<ExitCode>,
): Promise<ExitCode> {
  const attachment = await attach(context, 'command-line');
  const listeners: ((event: EventMessage) => void)[] = [];
  const caller = createCaller(attachment.door, (event) => {
    for (const listener of listeners) listener(event);
  });
  const { signal } = context.terminal;
  try {
    return await work({
      caller,
      signal,
      onEvent: (listener) => void listeners.push(listener),
      ownerEnded: attachment.ownerEnded,
    });
  } finally {
    caller.close();
    // May wait for other commands that work through this one: after Ctrl-C the line says how not to.
    await attachment.close();
  }
}

/** Runs `work` on the collection of `url`. */
export async function withCollection(
  context: CommandContext,
  url: string,
  work: (open: OpenCollection) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { terminal, messages, options } = context;
  const { bucket, prefix } = parseS3Url(url);
  const progress = showProgress(context);
  try {
    return await withDipper(context, async (open) => {
      const { caller, signal } = open;
      open.onEvent(progress.onEvent);
      const target = await chooseTarget(options, terminal.environment, targetQuestions(open));
      if ('profile' in target) await giveCodeFirst(context, open, target.profile);
      const openAs = async (asked: CodecName | null, why: readonly string[]): Promise<OpenCollection> => {
        const opened = await caller.call('collections:open-url', { bucket, prefix, codec: asked, target }, signal);
        for (const note of [...why, ...opened.notes]) messages.note(note);
        const { collection, codec, isAssumed } = opened;
        progress.follow(collection);
        const found: OpenCollection = {
          ...open,
          collection,
          codec,
          assuming: async (other, reason) => (isAssumed && other !== codec ? await openAs(other, [reason]) : found),
        };
        return found;
      };
      return await work(await openAs(options.codec ?? null, []));
    });
  } finally {
    progress.end();
  }
}

/** What `chooseTarget` asks. */
export function targetQuestions({ caller, signal }: OpenDipper): TargetQuestions {
  return {
    connections: () => caller.call('connections:list', {}, signal),
    profiles: () => caller.call('profiles:list', {}, signal),
  };
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
