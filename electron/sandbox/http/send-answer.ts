import type { ServerResponse } from 'node:http';
import type { Answer } from '../operations/answer.ts';

/** Takes a body apart or breaks it off on its way (see `faults/`). */
export type SendBody = (content: AsyncIterable<Uint8Array> | Uint8Array, length: number) => Promise<void>;

/** Sends an answer and closes its body; `sendBody` takes the place of the usual way where it is given. */
export async function sendAnswer(
  answer: Answer,
  headOnly: boolean,
  response: ServerResponse,
  sendBody: SendBody | null,
): Promise<void> {
  const { status, headers = {}, document, body } = answer;
  try {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const noBody = headOnly || status === 204 || status === 304;
    const bytes = document === undefined ? null : Buffer.from(document);
    const length = bytes?.length ?? body?.length ?? 0;
    if (bytes !== null) response.setHeader('content-type', headers['content-type'] ?? 'application/xml');
    if (bytes !== null || body !== undefined || !noBody) response.setHeader('content-length', length);
    response.writeHead(status);
    const content = noBody ? null : (bytes ?? body?.content ?? null);
    if (content === null) response.end();
    else if (sendBody !== null) await sendBody(content, length);
    else if (content instanceof Uint8Array) response.end(content);
    else await stream(content, response);
  } finally {
    await body?.close();
  }
}

/** Resolves when the next piece may be written, or when there is nobody to write for. */
export async function writePiece(piece: Uint8Array, response: ServerResponse): Promise<void> {
  if (response.write(piece)) return;
  await new Promise<void>((resolve) => {
    const settle = (): void => {
      response.off('drain', settle);
      response.off('close', settle);
      resolve();
    };
    response.on('drain', settle);
    response.on('close', settle);
  });
}

async function stream(content: AsyncIterable<Uint8Array>, response: ServerResponse): Promise<void> {
  for await (const chunk of content) {
    if (response.destroyed) return;
    await writePiece(chunk, response);
  }
  response.end();
}
