import { once } from 'node:events';
import { isUnderWay } from '../../shared/job.ts';
import { jobTitle, progressText } from '../../shared/job-words.ts';
import { AppFailure } from '../../shared/result.ts';
import { startBrowserHost } from '../browser/browser-host.ts';
import { createCaller } from '../ipc/caller.ts';
import type { Door } from '../ipc/door.ts';
import type { ExitCode } from './exit-code.ts';
import type { Messages } from './messages.ts';
import { openInBrowser } from './open-url.ts';
import { parseCount } from './query-text.ts';
import { attach, type CommandContext } from './session.ts';
import { UsageError } from './usage-error.ts';
import { describeVerb, PORT_TEXT, type AddVerb } from './verb.ts';

export interface ServeOptions {
  readonly port?: string;
  /** False with `--no-open`. */
  readonly open: boolean;
}

export function addServeCommand(rendererFolder: string): AddVerb {
  return (program, run) => {
    const command = program
      .command('serve')
      .option('--port <port>', PORT_TEXT)
      .option('--no-open', 'only print the address')
      .action((options: ServeOptions, self) => run(self, (context) => serve(context, options, rendererFolder)));
    describeVerb(command, {
      summary: 'open Dipper in the browser, and print its address',
      details: 'For this machine alone: the address holds a code that opens one page. It runs until Ctrl-C.',
      examples: ['dipper serve --no-open', 'dipper serve --no-open --json'],
      json: '{"url", "port"}; of a Dipper that runs already {"url", "port", "processId"}',
    });
  };
}

/**
 * Serves until Ctrl-C. Where another browser host has the data folder open, says where instead; a window's records are
 * served through the window's own door, for as long as that is there.
 */
export async function serve(context: CommandContext, options: ServeOptions, rendererFolder: string): Promise<ExitCode> {
  const { terminal, messages } = context;
  const port = portOf(options.port);
  const attachment = await attach(context, 'browser');
  try {
    if (attachment.owner !== null) {
      const { url, processId } = attachment.owner;
      messages.note(`Dipper runs already (process ${processId}).`);
      if (url !== null) {
        await show(context, url, options.open, { processId });
        return 0;
      }
    }
    const host = await startBrowserHost(attachment.door, {
      port,
      rendererFolder,
      reportMistake: (place, error) =>
        messages.failure(new AppFailure('internal', `${place} failed: ${String(error)}`)),
      note: (text) => messages.note(text),
    });
    try {
      attachment.announce(() => host.newAddress());
      await show(context, host.newAddress(), options.open, {});
      await untilStopped(terminal.signal, attachment.ownerEnded);
      if (attachment.owner === null) await sayJobs(attachment.door, messages);
    } finally {
      await host.close();
    }
    return 0;
  } finally {
    await attachment.close();
  }
}

/** What Ctrl-C breaks off is not lost, which nobody would know otherwise. */
async function sayJobs(door: Door, messages: Messages): Promise<void> {
  const caller = createCaller(door);
  try {
    const jobs = (await caller.call('jobs:list', {})).filter(({ state }) => isUnderWay(state));
    for (const job of jobs) {
      const future = job.kept
        ? 'It goes on with the next start of the window or of "dipper serve".'
        : 'It ends here: its collection leaves nothing on the disk.';
      messages.note(`${jobTitle(job)}: ${progressText(job)}. ${future}`);
    }
  } finally {
    caller.close();
  }
}

/** Until Ctrl-C. Throws `connection-lost` where the owner that this process works through ends first. */
export async function untilStopped(signal: AbortSignal, ownerEnded: Promise<void> | null): Promise<void> {
  if (signal.aborted) return;
  const stopped = once(signal, 'abort');
  await (ownerEnded === null ? stopped : Promise.race([stopped, ownerEnded]));
  if (signal.aborted) return;
  throw new AppFailure(
    'connection-lost',
    'The Dipper that this one was working through has ended. Start this one again.',
  );
}

async function show(
  { terminal, options }: CommandContext,
  url: string,
  open: boolean,
  facts: { readonly processId?: number },
): Promise<void> {
  const port = Number(new URL(url).port);
  await terminal.write(`${options.json === true ? JSON.stringify({ url, port, ...facts }) : url}\n`);
  if (open) await openInBrowser(url, terminal.environment);
}

export function portOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = parseCount(text, '--port');
  if (port > 65_535) throw new UsageError(`--port takes a number up to 65535, not ${text}.`);
  return port;
}
