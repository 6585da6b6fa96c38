import { Command, CommanderError } from 'commander';
import { AppFailure } from '../../shared/result.ts';
import { completeWords, COMPLETE } from './completion/complete-words.ts';
import { addCompletionCommand } from './completion/completion-command.ts';
import { addCallCommand } from './call-command.ts';
import { addCheckCommand } from './check-command.ts';
import { addConfigCommand } from './config-command.ts';
import { addConnectionsCommand } from './connections-command.ts';
import { addCountCommand } from './count-command.ts';
import { addCopyCommand, addMoveCommand } from './copy-command.ts';
import { addDeleteCommand } from './delete-command.ts';
import { addDiagnosticsCommand } from './diagnostics-command.ts';
import { addSetClassCommand } from './set-class-command.ts';
import { addTagCommand } from './tag-command.ts';
import { exitCodeOf, isStop, type ExitCode } from './exit-code.ts';
import { addExportCommand } from './export-command.ts';
import { addForgetCommand } from './forget-command.ts';
import { addGetCommand } from './get-command.ts';
import { addGlobalOptions, addServerOptions, mergedOptions } from './global-options.ts';
import { addHelpCommand } from './help-command.ts';
import { configureHelp, helpData } from './help-text.ts';
import { addImportCommand } from './import-command.ts';
import { createMessages } from './messages.ts';
import { openApp, type OpenOptions } from './open-app.ts';
import { addJobsCommand } from './jobs-command.ts';
import { addLedgerCommand } from './ledger-command.ts';
import { addPromoteCommand } from './promote-command.ts';
import { addPutCommand } from './put-command.ts';
import { addQueryCommand } from './query-command.ts';
import { addRestoreCommand } from './restore-command.ts';
import { addSandboxCommand } from './sandbox-command.ts';
import { addServeCommand } from './serve-command.ts';
import type { CommandContext } from './session.ts';
import { addSetCommand } from './set-command.ts';
import { addSignInCommand } from './sign-in-command.ts';
import { addSqlCommand } from './sql-command.ts';
import { OutputClosed, type Terminal } from './terminal.ts';
import { addUndeleteCommand } from './undelete-command.ts';
import { addUpdateCommand } from './update-command.ts';
import { UsageError } from './usage-error.ts';
import { unknownVerb, usageText } from './usage-text.ts';
import { describeVerb, PORT_TEXT, type AddVerb, type RunVerb } from './verb.ts';

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
  // commander prints help and version while it reads the arguments; they are results like any others.
  let printed = '';
  let refused: { readonly error: CommanderError; readonly command: Command } | null = null;

  const run: RunVerb = async (command, work) => {
    const options = mergedOptions(command);
    const messages = createMessages(terminal, options);
    exitCode = await work({ terminal, messages, options, program: program.context });
  };
  const root = createTree(terminal, program, run);
  for (const command of [root, ...root.commands]) {
    command
      .exitOverride((error) => {
        refused = { error, command };
        throw error;
      })
      .configureOutput({ writeOut: (text) => (printed += text), writeErr: () => undefined });
  }

  const end = args.indexOf('--');
  const asJson = args.slice(0, end < 0 ? args.length : end).includes('--json');
  const messages = createMessages(terminal, { json: asJson });
  try {
    if (args[0] === COMPLETE) {
      await terminal.write(await completeWords(root, args.slice(1), terminal.environment));
      return 0;
    }
    try {
      await root.parseAsync([...args], { from: 'user' });
    } catch (error) {
      if (refused === null || !(error instanceof CommanderError)) throw error;
      const { command } = refused;
      if (error.exitCode !== 0) throw new UsageError(usageText(error, command, root.commands));
      if (!asJson) await terminal.write(printed);
      else if (error.code === 'commander.version')
        await terminal.write(`{"version":${JSON.stringify(printed.trim())}}\n`);
      else await terminal.write(`${JSON.stringify(helpData(command))}\n`);
    }
    return exitCode;
  } catch (error) {
    if (error instanceof OutputClosed) return 0;
    messages.failure(isStop(error, terminal.signal) ? stopFailure(error) : error);
    return exitCodeOf(error, terminal.signal);
  }
}

/** All verbs and options: what help, completion and docs/command-line.md are made from. */
function createTree(terminal: Terminal, program: Program, run: RunVerb): Command {
  const root = new Command('dipper')
    .version(program.context.version, '-V, --version', 'show the version')
    // Global options stand before a verb or after it; each verb declares them, so that they do not swallow its own.
    .enablePositionalOptions()
    .helpCommand(false)
    .option('--browser', 'open in the browser rather than in a window')
    .option('--no-open', 'with --browser: only print the address')
    .option('--port <port>', `with --browser: ${PORT_TEXT}`)
    .argument('[verb]')
    .usage('[verb] [options]')
    .action((verb: string | undefined, options: OpenOptions, command: Command) => {
      if (verb !== undefined) throw new UsageError(unknownVerb(verb, root.commands));
      return run(command, (context) => openApp(context, options, program));
    });
  describeVerb(root, {
    summary: 'A desktop record browser for S3 buckets.',
    details: 'Without a verb it opens its window, or the browser where there can be none.',
    examples: [
      'dipper query s3://samples/movies/ --connection Sandbox --limit 5',
      'dipper --browser --no-open',
      'dipper help query',
    ],
    json: 'with --browser {"url", "port"}; what a verb prints says its own help',
  });
  addServerOptions(root);
  const groups: Readonly<Record<string, readonly AddVerb[]>> = {
    'Records:': [
      addQueryCommand,
      addSqlCommand,
      addCountCommand,
      addGetCommand,
      addPutCommand,
      addSetCommand,
      addUpdateCommand,
      addTagCommand,
      addSetClassCommand,
      addCopyCommand,
      addMoveCommand,
      addPromoteCommand,
      addRestoreCommand,
      addUndeleteCommand,
      addImportCommand,
      addDeleteCommand,
      addExportCommand,
    ],
    'Dipper:': [
      addServeCommand(program.rendererFolder),
      addSandboxCommand,
      addSignInCommand,
      addCheckCommand,
      addConnectionsCommand,
      addConfigCommand,
      addJobsCommand,
      addLedgerCommand,
      addDiagnosticsCommand,
      addForgetCommand,
      addCallCommand,
    ],
    'This command:': [addCompletionCommand, addHelpCommand],
  };
  for (const [group, verbs] of Object.entries(groups)) {
    root.commandsGroup(group);
    for (const add of verbs) add(root, run);
  }
  // Whatever stands behind a word that is no verb is not the first thing to be said.
  root.allowExcessArguments();
  for (const command of [root, ...root.commands]) {
    addGlobalOptions(command);
    configureHelp(command, terminal);
  }
  return root;
}

/** "Stopped." begins what every verb says of work that a person stopped. */
function stopFailure(error: unknown): unknown {
  if (error instanceof AppFailure && error.message.startsWith('Stopped')) return error;
  return new AppFailure('aborted', 'Stopped.', { cause: error });
}
