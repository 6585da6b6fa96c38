import { JsonSyntaxError } from '../../shared/json/json-syntax-error.ts';
import { readJson } from '../../shared/json/read-json.ts';
import { AppFailure, type Result } from '../../shared/result.ts';
import { createCaller } from '../ipc/caller.ts';
import type { DoorSession } from '../ipc/door.ts';
import { argumentsText } from './arguments-text.ts';
import { exitCodeOf, type ExitCode } from './exit-code.ts';
import { startLineQueue } from './line-queue.ts';
import { didYouMean } from '../../shared/nearest.ts';
import { readTextFile } from './query-text.ts';
import { untilStopped } from './serve-command.ts';
import { attach, type CommandContext } from './session.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { describeVerb, type AddVerb } from './verb.ts';

interface CallOptions {
  readonly list?: boolean;
  readonly events?: boolean;
}

export const addCallCommand: AddVerb = (program, run) => {
  const command = program
    .command('call')
    .argument('[channel]', 'a channel of the contract, such as collections:list')
    .argument('[json]', 'its arguments as JSON; - is standard input, @file a file; without it {}')
    .option('--list', 'the channels with their arguments')
    .option('--events', 'print events too, a line each, until Ctrl-C')
    .action((channel: string | undefined, json: string | undefined, options: CallOptions, self) =>
      run(self, (context) => call(context, channel, json, options)),
    );
  describeVerb(command, {
    summary: 'call the contract, as the page does',
    details:
      'Prints the Result as JSON: {"ok": true, "value"} or {"ok": false, "error"}. Secrets go in with - or @file and never come out.',
    examples: [
      'dipper call --list',
      'dipper call collections:list',
      `dipper call buckets:list '{"connection": "sandbox"}'`,
    ],
    json: 'the Result, as without it; for --list [{"channel", "args"}] with a JSON Schema; an event is {"event", "payload"}',
  });
};

async function call(
  context: CommandContext,
  channel: string | undefined,
  json: string | undefined,
  options: CallOptions,
): Promise<ExitCode> {
  const { terminal } = context;
  if (options.list === true) return await list(context);
  if (channel === undefined && options.events !== true) {
    throw new UsageError('dipper call needs a channel. "dipper call --list" lists them.');
  }
  const args = channel === undefined ? null : await readArguments(terminal, json);
  const attachment = await attach(context, 'command-line');
  const lines = startLineQueue(terminal);
  const session = attachment.door.connect(({ name, payload }) => {
    if (options.events === true) lines.push(JSON.stringify({ event: name, payload }));
  });
  try {
    let exitCode: ExitCode = 0;
    if (channel !== undefined) {
      const result = await callOnce(session, channel, args, terminal.signal);
      if (!result.ok && result.error.code === 'invalid-arguments') await checkChannel(session, channel);
      lines.push(JSON.stringify(result));
      if (!result.ok) exitCode = exitCodeOf(new AppFailure(result.error.code, result.error.message), terminal.signal);
    }
    if (options.events === true) {
      await Promise.race([untilStopped(terminal.signal, attachment.ownerEnded), lines.failed]);
    }
    await lines.written();
    return exitCode;
  } finally {
    session.close();
    await attachment.close();
  }
}

async function callOnce(
  session: DoorSession,
  channel: string,
  args: unknown,
  signal: AbortSignal,
): Promise<Result<unknown>> {
  const cancel = (): void => session.cancel(channel);
  const answer = session.call(channel, channel, args);
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await answer;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** Throws where the contract that was asked has no such channel: it may be that of an older Dipper that runs. */
async function checkChannel(session: DoorSession, channel: string): Promise<void> {
  const listed = await session.call('channels', 'application:channels', {});
  if (!listed.ok || !Array.isArray(listed.value)) return;
  const names = listed.value.map((entry: { readonly channel: string }) => entry.channel);
  if (names.includes(channel)) return;
  throw new UsageError(
    `There is no channel "${channel}".${didYouMean(channel, names)} "dipper call --list" lists them with their arguments.`,
  );
}

async function list(context: CommandContext): Promise<ExitCode> {
  const { terminal, options } = context;
  const attachment = await attach(context, 'command-line');
  const caller = createCaller(attachment.door);
  try {
    const channels = await caller.call('application:channels', {}, terminal.signal);
    if (options.json === true) await terminal.write(`${JSON.stringify(channels)}\n`);
    else await terminal.write(channels.map(({ channel, args }) => `${channel} ${argumentsText(args)}\n`).join(''));
    return 0;
  } finally {
    caller.close();
    await attachment.close();
  }
}

async function readArguments(terminal: Terminal, json: string | undefined): Promise<unknown> {
  if (json === undefined) return {};
  const isFile = json === '-' || json.startsWith('@');
  if (!isFile && SECRET.test(json)) {
    throw new UsageError(
      'Others on this machine can read a command line, and there is a secret in it. Give the arguments with - or @file.',
    );
  }
  const text = isFile ? await readTextFile(terminal, json.replace(/^@/, ''), 'file of arguments') : json;
  try {
    readJson(text);
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError || error instanceof SyntaxError)) throw error;
    const place = error instanceof JsonSyntaxError ? ` (line ${error.line}, column ${error.column})` : '';
    throw new UsageError(
      `The arguments are no JSON${place}: ${error.message.replace(/\.$/u, '')}. Write them like {"connection": "sandbox"}.`,
    );
  }
}

const SECRET = /"(?:secret|secretAccessKey|sessionToken)"\s*:\s*[^n\s]/;
