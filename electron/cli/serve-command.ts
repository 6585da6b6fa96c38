import { once } from 'node:events';
import { AppFailure } from '../../shared/result.ts';
import { startBrowserHost } from '../browser/browser-host.ts';
import type { ExitCode } from './exit-code.ts';
import { openInBrowser } from './open-url.ts';
import { parseCount } from './query-text.ts';
import { attach, type CommandContext } from './session.ts';
import { UsageError } from './usage-error.ts';
import type { AddVerb } from './verb.ts';

export interface ServeOptions {
  readonly port?: string;
  /** False with `--no-open`. */
  readonly open: boolean;
}

export function addServeCommand(rendererFolder: string): AddVerb {
  return (program, run) => {
    program
      .command('serve')
      .description('open Dipper in the browser, and print its address')
      .option('--port <port>', 'port of 127.0.0.1; without it a free one')
      .option('--no-open', 'only print the address')
      .action((options: ServeOptions, command) => run(command, (context) => serve(context, options, rendererFolder)));
  };
}

/** Serves until Ctrl-C. Where another Dipper has the data folder open, says where instead. */
export async function serve(context: CommandContext, options: ServeOptions, rendererFolder: string): Promise<ExitCode> {
  const { terminal } = context;
  const port = portOf(options.port);
  const attachment = await attach(context, 'browser');
  try {
    if (attachment.owner !== null) {
      const { url, processId } = attachment.owner;
      if (url === null) {
        throw new AppFailure(
          'data-folder-in-use',
          `Dipper is open already (process ${processId}) and uses this data folder. Use its window, end it, or choose another folder with --data-dir.`,
        );
      }
      terminal.say(`dipper: Dipper runs already (process ${processId}).`);
      await show(context, url, options.open);
      return 0;
    }
    const host = await startBrowserHost(attachment.door, {
      port,
      rendererFolder,
      reportMistake: (place, error) => terminal.say(`dipper: ${place} failed: ${String(error)}`),
    });
    try {
      attachment.announce(host.url);
      await show(context, host.url, options.open);
      if (!terminal.signal.aborted) await once(terminal.signal, 'abort');
    } finally {
      await host.close();
    }
    return 0;
  } finally {
    await attachment.close();
  }
}

async function show({ terminal, options }: CommandContext, url: string, open: boolean): Promise<void> {
  await terminal.write(`${options.json === true ? JSON.stringify({ url }) : url}\n`);
  if (open) await openInBrowser(url, terminal.environment);
}

export function portOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = parseCount(text, '--port');
  if (port > 65_535) throw new UsageError(`--port takes a number up to 65535, not ${text}.`);
  return port;
}
