import { attachToDataFolder, chooseDataFolder, type ApplicationOptions, type Attachment } from '../application.ts';
import { createCaller, type Caller } from '../ipc/caller.ts';
import type { Shell } from '../ipc/socket-messages.ts';
import type { ExitCode } from './exit-code.ts';
import { chooseTarget, type GlobalOptions } from './global-options.ts';
import { parseS3Url } from './s3-url.ts';
import type { Terminal } from './terminal.ts';

/** What every verb is given. */
export interface CommandContext {
  readonly terminal: Terminal;
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
  const { terminal, options } = context;
  const { bucket, prefix } = parseS3Url(url);
  const attachment = await attach(context, 'command-line');
  const caller = createCaller(attachment.door);
  try {
    const { signal } = terminal;
    const target = await chooseTarget(options, terminal.environment, () => caller.call('connections:list', {}, signal));
    const opened = await caller.call(
      'collections:open-url',
      { bucket, prefix, codec: options.codec ?? null, target },
      signal,
    );
    sayNotes(terminal, opened.notes);
    return await work({ caller, collection: opened.collection, signal });
  } finally {
    caller.close();
    await attachment.close();
  }
}

export function sayNotes(terminal: Terminal, notes: readonly string[]): void {
  for (const note of notes) terminal.say(`dipper: ${note}`);
}
