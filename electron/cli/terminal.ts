import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { fileErrorCode } from '../../shared/file-failure.ts';
import { AppFailure } from '../../shared/result.ts';
import { clipText } from './text-width.ts';

/** Whoever reads standard output has gone (`dipper query … | head`): no failure, there is just nothing left to do. */
export class OutputClosed extends Error {}

/** What a command sees of the process. Results go to `write`, all else to `say`. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Fires on Ctrl-C, SIGTERM and SIGHUP; its reason is a `StopRequest`. */
  readonly signal: AbortSignal;
  /** Cells of a line of standard output: of the terminal, else COLUMNS, else 80. */
  readonly columns: number;
  /** Whether what goes to standard output is shown in colours: a terminal that has them, and no NO_COLOR. */
  readonly colours: boolean;
  /**
   * Resolves when the text, or bytes, were taken, so that a slow reader slows the command down and no end of it is lost in silence.
   * Throws `OutputClosed`, and `disk-full` where it goes to a file on a disk that is.
   */
  write(text: string | Uint8Array): Promise<void>;
  /** A line on standard error. */
  say(line: string): void;
  /** The one line on standard error that is drawn again and again, where that is a terminal; null takes it away. */
  status(line: string | null): void;
  /** Standard input, as it comes. */
  input(): AsyncIterable<Uint8Array>;
  /** Whether a person can be asked: standard input and error are terminals. */
  readonly isInteractive: boolean;
  /** A line that a person types; null where nobody can be asked. */
  ask(question: string): Promise<string | null>;
  /** All of standard input. */
  readInput(): Promise<Buffer>;
  /** A file's bytes; `-` is standard input. */
  readFile(path: string): Promise<Buffer>;
}

/** Why a terminal's signal fired, with the exit code that shells know: 128 and the signal's number. */
export class StopRequest extends Error {
  readonly exitCode: 129 | 130 | 143;

  constructor(signal: 'SIGHUP' | 'SIGINT' | 'SIGTERM') {
    super(`Stopped by ${signal}.`);
    this.exitCode = signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 129;
  }
}

/** `isTTY` and `columns` are those of node:tty. */
export type OutputStream = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
};

export interface Streams {
  readonly stdin: Readable;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

const START_OF_LINE = '\r';
const CLEAR_TO_END = '\u001b[K';

export function createTerminal(streams: Streams, environment: Terminal['environment'], signal: AbortSignal): Terminal {
  const { stdin, stdout, stderr } = streams;
  let shown: string | null = null;
  // Whoever writes is told; an error without a listener would end the process.
  stdout.on('error', () => undefined);
  // Nobody is left to be told of a standard error that cannot be written to.
  stderr.on('error', () => undefined);
  const canRedraw = stderr.isTTY === true && environment['TERM'] !== 'dumb';

  const erase = (): void => {
    if (shown !== null) stderr.write(`${START_OF_LINE}${CLEAR_TO_END}`);
  };
  const draw = (): void => {
    // The last cell stays free: a terminal that has written it may have gone to the next line.
    if (shown !== null) stderr.write(`${START_OF_LINE}${clipText(shown, (stderr.columns || 80) - 1)}${CLEAR_TO_END}`);
  };

  const stop = (): unknown => stdin.destroy(new Error('Stopped.'));

  async function* input(): AsyncGenerator<Uint8Array, void, undefined> {
    signal.addEventListener('abort', stop, { once: true });
    try {
      for await (const chunk of stdin.iterator({ destroyOnReturn: true })) yield Buffer.from(chunk);
    } catch (error) {
      if (signal.aborted) throw new AppFailure('aborted', 'Stopped while reading standard input.');
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async function readInput(): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of input()) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  const isInteractive = 'isTTY' in stdin && stdin.isTTY === true && stderr.isTTY === true;

  return {
    environment,
    signal,
    isInteractive,
    async ask(question) {
      if (!isInteractive) return null;
      erase();
      const lines = createInterface({ input: stdin, output: stderr });
      try {
        return await lines.question(question, { signal });
      } catch (error) {
        if (signal.aborted) throw new AppFailure('aborted', 'Stopped.', { cause: error });
        throw error;
      } finally {
        lines.close();
      }
    },
    columns: columnsOf(stdout, environment),
    colours: stdout.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb',
    write(text) {
      return new Promise((taken, refused) => {
        const stopped = (): void => refused(new AppFailure('aborted', 'Stopped.'));
        signal.addEventListener('abort', stopped, { once: true });
        const fits = stdout.write(text, (error) => {
          signal.removeEventListener('abort', stopped);
          if (error) refused(outputFailure(error));
          else taken();
        });
        // After Ctrl-C nobody waits for a reader that may have stopped as well.
        if (!fits && signal.aborted) stopped();
      });
    },
    say(line) {
      erase();
      stderr.write(`${line}\n`);
      draw();
    },
    status(line) {
      if (!canRedraw || line === shown) return;
      if (line === null) erase();
      shown = line;
      draw();
    },
    input,
    readInput,
    readFile: (path) => (path === '-' ? readInput() : readFile(path)),
  };
}

/** A pipe without a reader (Windows says EOF), and what Node says of a stream that had such an error before. */
const READER_GONE: ReadonlySet<string> = new Set(['EPIPE', 'EOF', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

function outputFailure(cause: Error): Error {
  const code = fileErrorCode(cause) ?? cause.message;
  if (READER_GONE.has(code)) return new OutputClosed();
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const message = 'The disk is full: standard output was not written to its end. Make room on it and start again.';
    return new AppFailure('disk-full', message, { cause });
  }
  const message = `Standard output was not written to its end (${code}). Send it somewhere else and start again.`;
  return new AppFailure('internal', message, { cause });
}

function columnsOf(stdout: OutputStream, environment: Terminal['environment']): number {
  const said = Number(environment['COLUMNS']);
  // A terminal that was given no size says 0.
  return stdout.columns || (Number.isInteger(said) && said > 0 ? said : 80);
}
