import { once } from 'node:events';
import { resolve } from 'node:path';
import { AppFailure } from '../../shared/result.ts';
import { runSandbox } from '../application.ts';
import { portFailure } from '../browser/browser-host.ts';
import type { ExitCode } from './exit-code.ts';
import { readKeysFile, writeKeysFile, type KeyPair } from './keys-file.ts';
import { portOf } from './serve-command.ts';
import type { CommandContext } from './session.ts';
import { UsageError } from './usage-error.ts';
import { describeVerb, PORT_TEXT, type AddVerb } from './verb.ts';

interface SandboxOptions {
  readonly port?: string;
  readonly directory?: string;
  readonly memory?: boolean;
  readonly accessKey?: string;
  readonly secretKey?: string;
  readonly keysFile?: string;
  readonly fsync?: boolean;
  readonly empty?: boolean;
}

export const addSandboxCommand: AddVerb = (program, run) => {
  const command = program
    .command('sandbox')
    .option('--port <port>', PORT_TEXT)
    .option('--directory <folder>', 'keep objects there')
    .option('--memory', 'keep objects in memory until it ends (without --directory)')
    .option('--access-key <key>', 'access key id; without it one is made')
    .option('--secret-key <key>', 'secret access key; others on this machine see it there, --keys-file hides it')
    .option('--keys-file <file>', 'both keys as AWS tools keep them; a file that is missing is made')
    .option('--fsync', 'answer a write only when the disk has it (with --directory)')
    .option('--empty', 'without the sample records')
    .action((options: SandboxOptions, self) => run(self, (context) => sandbox(context, options)));
  describeVerb(command, {
    summary: 'run an S3 server with sample records, and print its address',
    details:
      'A server of its own, on 127.0.0.1, until Ctrl-C; the one inside Dipper needs no command. What other S3 clients need is printed on standard error.',
    examples: ['dipper sandbox --memory --keys-file sandbox.keys', 'dipper sandbox --directory objects --empty --json'],
    json: '{"endpoint", "port", "region", "accessKeyId", "secretAccessKey"}; "keysFile" in place of the secret with --keys-file',
  });
};

/** Runs until Ctrl-C. */
async function sandbox(context: CommandContext, options: SandboxOptions): Promise<ExitCode> {
  const { terminal, messages, program } = context;
  const keysFile = options.keysFile === undefined ? null : resolve(options.keysFile);
  const keysGiven = credentialsOf(options);
  const keysKept = keysFile === null ? null : await readKeysFile(keysFile);
  if (keysKept !== null && keysGiven !== null) {
    throw new UsageError(
      `The keys file "${options.keysFile ?? ''}" has keys already. Leave out --access-key and --secret-key, or name a new file.`,
    );
  }
  const settings = {
    port: portOf(options.port),
    directory: directoryOf(options),
    credentials: keysKept ?? keysGiven,
    fsync: options.fsync === true,
    sampleData: options.empty === true ? null : program.scripts.sampleData,
  };
  const running = await start(settings, (note) => messages.note(note));
  try {
    if (keysFile !== null && keysKept === null) await writeKeysFile(keysFile, running);
    await announce(context, running, keysFile);
    if (!terminal.signal.aborted) await once(terminal.signal, 'abort');
  } finally {
    await running.close();
  }
  return 0;
}

async function announce(
  { terminal, options }: CommandContext,
  { endpoint, region, accessKeyId, secretAccessKey }: Awaited<ReturnType<typeof runSandbox>>,
  keysFile: string | null,
): Promise<void> {
  if (options.json === true) {
    const port = Number(new URL(endpoint).port);
    const keys = keysFile === null ? { secretAccessKey } : { keysFile };
    await terminal.write(`${JSON.stringify({ endpoint, port, region, accessKeyId, ...keys })}\n`);
    return;
  }
  await terminal.write(`${endpoint}\n`);
  terminal.say(`AWS_ENDPOINT_URL_S3=${endpoint}`);
  terminal.say(`AWS_REGION=${region}`);
  if (keysFile !== null) {
    terminal.say(`AWS_SHARED_CREDENTIALS_FILE=${keysFile}`);
    return;
  }
  terminal.say(`AWS_ACCESS_KEY_ID=${accessKeyId}`);
  terminal.say(`AWS_SECRET_ACCESS_KEY=${secretAccessKey}`);
}

async function start(...settings: Parameters<typeof runSandbox>): Promise<Awaited<ReturnType<typeof runSandbox>>> {
  try {
    return await runSandbox(...settings);
  } catch (error) {
    if (error instanceof AppFailure) throw error;
    if (error instanceof Error && 'syscall' in error && error.syscall === 'listen') {
      throw portFailure(settings[0].port ?? 0, error);
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppFailure('sandbox-unavailable', `The sandbox did not start. ${reason}`, { cause: error });
  }
}

function directoryOf({ directory, memory }: SandboxOptions): string | null {
  if (directory === undefined) return null;
  if (memory === true) throw new UsageError('--directory and --memory exclude each other. Leave one out.');
  return resolve(directory);
}

function credentialsOf({ accessKey, secretKey }: SandboxOptions): KeyPair | null {
  if (accessKey === undefined && secretKey === undefined) return null;
  if (!accessKey || !secretKey) throw new UsageError('--access-key and --secret-key belong together. Give both.');
  return { accessKeyId: accessKey, secretAccessKey: secretKey };
}
