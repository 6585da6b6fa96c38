import { Command, CommanderError } from 'commander';
import { AppFailure } from '../../shared/result.ts';
import { addCountCommand } from './count-command.ts';
import { addDeleteCommand } from './delete-command.ts';
import { exitCodeOf, type ExitCode } from './exit-code.ts';
import { addGetCommand } from './get-command.ts';
import { addGlobalOptions, type GlobalOptions } from './global-options.ts';
import { openApp, type OpenOptions } from './open-app.ts';
import { addPutCommand } from './put-command.ts';
import { addQueryCommand } from './query-command.ts';
import { addSandboxCommand } from './sandbox-command.ts';
import { addServeCommand } from './serve-command.ts';
import type { CommandContext } from './session.ts';
import { addSetCommand } from './set-command.ts';
import { OutputClosed, type Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import type { RunVerb } from './verb.ts';

export interface Program {
  readonly context: CommandContext['program'];
  /** `dist/renderer`. */
  readonly rendererFolder: string;
  /** npm's `electron` package. */
  readonly electronFolder: string;
  /** What Electron runs: the folder with package.json. */
  readonly applicationFolder: string;
}

/** The whole of `dipper`: reads the arguments, does what they say, answers the exit code. Never rejects. */
export async function runCommandLine(args: readonly string[], terminal: Terminal, program: Program): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const wantsJson = args.includes('--json');

  const run: RunVerb = async (command, work) => {
    const options: GlobalOptions = { ...command.parent?.opts<GlobalOptions>(), ...command.opts<GlobalOptions>() };
    exitCode = await work({ terminal, options, program: program.context });
  };

  const root = new Command('dipper')
    .description('A desktop record browser for S3 buckets. Without a verb it opens.')
    .version(program.context.version)
    // Global options stand before a verb or after it; each verb declares them, so that they do not swallow its own.
    .enablePositionalOptions()
    .option('--browser', 'open in the browser rather than in a window')
    .option('--no-open', 'with --browser: only print the address')
    .option('--port <port>', 'with --browser: port of 127.0.0.1')
    .argument('[verb]')
    .usage('[verb] [options]')
    .action((verb: string | undefined, options: OpenOptions, command: Command) => {
      if (verb !== undefined) throw new UsageError(`There is no verb "${verb}". "dipper --help" lists them.`);
      return run(command, (context) => openApp(context, options, program));
    });
  for (const add of [
    addQueryCommand,
    addCountCommand,
    addGetCommand,
    addPutCommand,
    addSetCommand,
    addDeleteCommand,
    addServeCommand(program.rendererFolder),
    addSandboxCommand,
  ]) {
    add(root, run);
  }
  for (const command of [root, ...root.commands]) {
    addGlobalOptions(command);
    command.exitOverride().configureOutput({ outputError: () => undefined, writeErr: () => undefined });
  }

  try {
    await root.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof OutputClosed) return 0;
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      terminal.say(describe(new UsageError(sentence(error.message)), wantsJson));
      return 2;
    }
    terminal.say(describe(error, wantsJson));
    return exitCodeOf(error);
  }
}

function describe(error: unknown, asJson: boolean): string {
  if (error instanceof AppFailure) {
    return asJson ? JSON.stringify({ error: error.error }) : `dipper: ${error.message}`;
  }
  if (error instanceof UsageError) {
    const { message } = error;
    return asJson
      ? JSON.stringify({ error: { code: 'invalid-arguments', message, retryable: false } })
      : `dipper: ${message}`;
  }
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `dipper: This failed because of a mistake in Dipper. ${cause}`;
}

/** commander says `error: unknown option '--frob'`. */
function sentence(message: string): string {
  const text = message.replace(/^error: /, '').trim();
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.?!)]$/.test(text) ? '' : '.'}`;
}
