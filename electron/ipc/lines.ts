import type { Socket } from 'node:net';

/** A record of hundreds of megabytes is read as text by nobody; more in one line is a broken peer. */
const LONGEST_LINE = 256 * 1024 * 1024;

/** What may wait in this process for a peer that does not read. */
const MOST_BUFFERED = 512 * 1024 * 1024;

/** Messages as JSON, one a line. `onMessage` gets what `JSON.parse` made of it; a line that is no JSON ends the socket. */
export function readLines(socket: Socket, onMessage: (message: unknown) => void): void {
  let parts: string[] = [];
  let length = 0;
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      parts.push(chunk.slice(from, end));
      const line = parts.join('');
      parts = [];
      length = 0;
      from = end + 1;
      let message: unknown;
      try {
        message = JSON.parse(line);
      } catch {
        socket.destroy();
        return;
      }
      onMessage(message);
      if (socket.destroyed) return;
    }
    if (from < chunk.length) {
      parts.push(from === 0 ? chunk : chunk.slice(from));
      length += chunk.length - from;
      if (length > LONGEST_LINE) socket.destroy();
    }
  });
}

/** A peer that is gone is no error here: what it asked for has been cancelled by then. */
export function writeLine(socket: Socket, message: unknown): void {
  if (socket.destroyed || socket.writableEnded) return;
  socket.write(`${JSON.stringify(message)}\n`);
  if (socket.writableLength > MOST_BUFFERED) socket.destroy();
}
