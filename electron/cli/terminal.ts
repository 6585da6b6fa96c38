import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { AppFailure } from '../../shared/result.ts';

/** Whoever reads standard output has gone (`dipper query … | head`): no failure, there is just nothing left to do. */
export class OutputClosed extends Error {}

/** What a command sees of the process. Results go to `write`, all else to `say`. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Fires on Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Resolves when the text is on its way, so that a slow reader slows the command down. Throws `OutputClosed`. */
  write(text: string): Promise<void>;
  /** A line on standard error. */
  say(line: string): void;
  /** All of standard input. */
  readInput(): Promise<Buffer>;
  /** A file's bytes; `-` is standard input. */
  readFile(path: string): Promise<Buffer>;
}

export interface Streams {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

export function createTerminal(streams: Streams, environment: Terminal['environment'], signal: AbortSignal): Terminal {
  let outputClosed = false;
  streams.stdout.on('error', () => {
    outputClosed = true;
  });

  async function readInput(): Promise<Buffer> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of streams.stdin.iterator({ destroyOnReturn: true })) chunks.push(Buffer.from(chunk));
    } catch (error) {
      if (signal.aborted) throw new AppFailure('aborted', 'Stopped while reading standard input.');
      throw error;
    }
    return Buffer.concat(chunks);
  }

  return {
    environment,
    signal,
    async write(text) {
      if (outputClosed) throw new OutputClosed();
      if (streams.stdout.write(text)) return;
      try {
        await Promise.race([once(streams.stdout, 'drain', { signal }), once(streams.stdout, 'close')]);
      } catch {
        if (signal.aborted) throw new AppFailure('aborted', 'Stopped.');
        throw new OutputClosed();
      }
      if (outputClosed) throw new OutputClosed();
    },
    say(line) {
      streams.stderr.write(`${line}\n`);
    },
    readInput,
    readFile: (path) => (path === '-' ? readInput() : readFile(path)),
  };
}
