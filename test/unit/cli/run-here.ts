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

/** The whole command in this process, for what it does before it opens the data folder: there is none. */
export async function runHere(args: readonly string[], options: HereOptions = {}): Promise<HereOutcome> {
  const { environment = {}, input = '', terminalColumns } = options;
  const streams = { stdin: new PassThrough(), stdout: screen(terminalColumns), stderr: screen(terminalColumns) };
  streams.stdin.end(input);
  const nowhere = join(tmpdir(), 'dipper-no-such-folder');
  const terminal = createTerminal(streams, { DIPPER_DATA_DIR: nowhere, ...environment }, new AbortController().signal);
  const code = await runCommandLine(args, terminal, {
    context: { version: '1.2.3', scripts: scriptsIn(nowhere) },
    rendererFolder: nowhere,
    electronFolder: nowhere,
    applicationFolder: nowhere,
  });
  return { code, stdout: textOf(streams.stdout), stderr: textOf(streams.stderr) };
}

function screen(columns: number | undefined): PassThrough & { isTTY?: boolean; columns?: number } {
  const stream = new PassThrough({ highWaterMark: 1 << 20 });
  return columns === undefined ? stream : Object.assign(stream, { isTTY: true, columns });
}

function textOf(stream: PassThrough): string {
  const read: unknown = stream.read();
  return Buffer.isBuffer(read) ? read.toString('utf8') : '';
}
