import { PassThrough } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scriptsIn } from '../../../electron/application.ts';
import { runCommandLine } from '../../../electron/cli/command-line.ts';
import { createTerminal } from '../../../electron/cli/terminal.ts';

export interface HereOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Standard output and error are a terminal so wide. */
  readonly terminalColumns?: number;
}

export interface HereOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The whole command in this process: there is no data folder, unless `environment` names one that has an owner. */
export async function runHere(args: readonly string[], options: HereOptions = {}): Promise<HereOutcome> {
  const { environment = {}, input = '', terminalColumns } = options;
  const streams = { stdin: new PassThrough(), stdout: screen(terminalColumns), stderr: screen(terminalColumns) };
  const stdout = collect(streams.stdout);
  const stderr = collect(streams.stderr);
  streams.stdin.end(input);
  const nowhere = join(tmpdir(), 'dipper-no-such-folder');
  const terminal = createTerminal(streams, { DIPPER_DATA_DIR: nowhere, ...environment }, new AbortController().signal);
  const code = await runCommandLine(args, terminal, {
    context: { version: '1.2.3', scripts: scriptsIn(nowhere) },
    rendererFolder: nowhere,
    electronFolder: nowhere,
    applicationFolder: nowhere,
  });
  return { code, stdout: stdout(), stderr: stderr() };
}

function screen(columns: number | undefined): PassThrough & { isTTY?: boolean; columns?: number } {
  const stream = new PassThrough();
  return columns === undefined ? stream : Object.assign(stream, { isTTY: true, columns });
}

/** Reads a stream away as it fills; answers what came so far. */
function collect(stream: PassThrough): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}
