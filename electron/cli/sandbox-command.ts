import { once } from 'node:events';
import { resolve } from 'node:path';
import { AppFailure } from '../../shared/result.ts';
import { runSandbox } from '../application.ts';
import type { ExitCode } from './exit-code.ts';
import { portOf } from './serve-command.ts';
import type { CommandContext } from './session.ts';
import { UsageError } from './usage-error.ts';
import type { AddVerb } from './verb.ts';

interface SandboxOptions {
  readonly port?: string;
  readonly directory?: string;
  readonly memory?: boolean;
  readonly accessKey?: string;
  readonly secretKey?: string;
  readonly empty?: boolean;
}

export const addSandboxCommand: AddVerb = (program, run) => {
  program
    .command('sandbox')
    .description('run an S3 server with sample records on this machine, and print its address')
    .option('--port <port>', 'port of 127.0.0.1; without it a free one')
    .option('--directory <folder>', 'keep objects there')
    .option('--memory', 'keep objects in memory until it ends (without --directory)')
    .option('--access-key <key>', 'access key id; without it one is made')
    .option('--secret-key <key>', 'secret access key')
    .option('--empty', 'without the sample records')
    .action((options: SandboxOptions, command) => run(command, (context) => sandbox(context, options)));
};

/** Runs until Ctrl-C. */
async function sandbox(
  { terminal, program, options: global }: CommandContext,
  options: SandboxOptions,
): Promise<ExitCode> {
  const settings = {
    port: portOf(options.port),
    directory: directoryOf(options),
    credentials: credentialsOf(options),
    sampleData: options.empty === true ? null : program.scripts.sampleData,
  };
  const running = await start(settings, (note) => terminal.say(`dipper: ${note}`));
  try {
    const { endpoint, region, accessKeyId, secretAccessKey } = running;
    if (global.json === true) {
      await terminal.write(`${JSON.stringify({ endpoint, region, accessKeyId, secretAccessKey })}\n`);
    } else {
      await terminal.write(`${endpoint}\n`);
      terminal.say(`AWS_ENDPOINT_URL_S3=${endpoint}`);
      terminal.say(`AWS_REGION=${region}`);
      terminal.say(`AWS_ACCESS_KEY_ID=${accessKeyId}`);
      terminal.say(`AWS_SECRET_ACCESS_KEY=${secretAccessKey}`);
    }
    if (!terminal.signal.aborted) await once(terminal.signal, 'abort');
  } finally {
    await running.close();
  }
  return 0;
}

async function start(...settings: Parameters<typeof runSandbox>): Promise<Awaited<ReturnType<typeof runSandbox>>> {
  try {
    return await runSandbox(...settings);
  } catch (error) {
    if (error instanceof AppFailure) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppFailure('sandbox-unavailable', `The sandbox did not start. ${reason}`, { cause: error });
  }
}

function directoryOf({ directory, memory }: SandboxOptions): string | null {
  if (directory === undefined) return null;
  if (memory === true) throw new UsageError('--directory and --memory exclude each other. Leave one out.');
  return resolve(directory);
}

function credentialsOf({
  accessKey,
  secretKey,
}: SandboxOptions): { accessKeyId: string; secretAccessKey: string } | null {
  if (accessKey === undefined && secretKey === undefined) return null;
  if (!accessKey || !secretKey) throw new UsageError('--access-key and --secret-key belong together. Give both.');
  return { accessKeyId: accessKey, secretAccessKey: secretKey };
}
