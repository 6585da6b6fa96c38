import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { errorAnswer } from '../http/error-answer.ts';
import { writePiece, type SendBody } from '../http/send-answer.ts';
import type { Answer } from '../operations/answer.ts';
import type { FaultPlan, WrongAnswer } from './fault-rules.ts';

/** Does what a plan asks for before the operation. Answers false where that was the end of the request. */
export async function faultsBefore(
  plan: FaultPlan,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  if (plan.delay !== null) await pause(plan.delay, response);
  if (plan.reset === 'request-body') await readHalf(message);
  if (plan.reset === 'request-head' || plan.reset === 'request-body') {
    reset(response);
    return false;
  }
  return !response.destroyed;
}

/** The answer in place of the operation's. */
export function wrongAnswer(wrong: WrongAnswer, target: string, requestId: string): Answer {
  const { status, code, message = 'A fault that a test asked for.', headers = {}, body } = wrong;
  if (body !== undefined) return { status, headers: { 'content-type': 'text/plain', ...headers }, document: body };
  if (code === undefined) return { status, headers };
  return errorAnswer({ status, code, message, headers }, target, requestId);
}

/** How the answer's body is sent under a plan; null for the usual way. */
export function faultyBody(plan: FaultPlan, response: ServerResponse): SendBody | null {
  const { reset: at, trickle } = plan;
  if (at !== 'answer-body' && trickle === null) return null;
  return async (content, length) => {
    const end = at === 'answer-body' ? Math.floor(length / 2) : length;
    let sent = 0;
    for await (const piece of pieces(content, trickle?.bytes ?? Number.POSITIVE_INFINITY)) {
      if (response.destroyed) return;
      const rest = piece.subarray(0, end - sent);
      sent += rest.length;
      await writePiece(rest, response);
      if (trickle !== null) await pause(trickle.milliseconds, response);
      if (sent === end) break;
    }
    if (at === 'answer-body') reset(response);
    else response.end();
  };
}

/** As if the network had gone. */
export function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

/** Closes the connection behind an answer that did not say so. */
export function closeBehind(response: ServerResponse): void {
  const { socket } = response;
  response.once('finish', () => socket?.destroySoon());
}

/** Ends at once where the other side has gone. */
async function pause(milliseconds: number, response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  const gone = new AbortController();
  const abort = (): void => gone.abort();
  response.once('close', abort);
  try {
    await wait(milliseconds, undefined, { signal: gone.signal });
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  } finally {
    response.off('close', abort);
  }
}

async function readHalf(message: IncomingMessage): Promise<void> {
  const half = Number(message.headers['content-length'] ?? 0) / 2;
  let received = 0;
  for await (const chunk of message.iterator({ destroyOnReturn: false })) {
    received += Buffer.byteLength(chunk);
    if (received >= half) return;
  }
}

async function* pieces(
  content: AsyncIterable<Uint8Array> | Uint8Array,
  size: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of content instanceof Uint8Array ? [content] : content) {
    for (let at = 0; at < chunk.length; at += size) yield chunk.subarray(at, at + size);
  }
}
