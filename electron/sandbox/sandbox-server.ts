import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { closeBehind, faultsBefore, faultyBody, reset, wrongAnswer } from './faults/apply-faults.ts';
import { NO_FAULTS } from './faults/fault-rules.ts';
import { Faults } from './faults/faults.ts';
import { isPresigned } from './http/authorization.ts';
import { errorAnswer, failureOf } from './http/error-answer.ts';
import { readRequest, withQueryHeaders } from './http/s3-request.ts';
import { sendAnswer } from './http/send-answer.ts';
import { verifySignature } from './http/signature.ts';
import type { Answer, SandboxClock } from './operations/answer.ts';
import { findOperation, refuseUnknown } from './operations/route.ts';
import { S3Failure } from './s3-failure.ts';
import type { SandboxStorage } from './storage/storage.ts';

export interface SandboxServerOptions {
  readonly storage: SandboxStorage;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  /** For tests: one that may stand beside the keys, as beside those of a session. */
  readonly sessionToken?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** For restored copies of archived objects. Default: the system's, and no time to fetch one. */
  readonly clock?: SandboxClock;
  /** Told of failures that no client caused; they answer 500. */
  readonly onError?: (error: unknown) => void;
}

export interface SandboxServer {
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  /** For tests: none until one sets some. */
  readonly faults: Faults;
  /** Ends connections, then the storage. */
  close(): Promise<void>;
}

const CLOCK: SandboxClock = { now: () => Date.now(), restoreMilliseconds: 0 };

/** Longer than any client keeps an idle connection, so that it is never closed under a request on its way. */
const KEEP_ALIVE_MILLISECONDS = 120_000;

/** An S3 server on 127.0.0.1 for one key pair. Resolves when it listens; rejects where it cannot. */
export async function createSandboxServer(options: SandboxServerOptions): Promise<SandboxServer> {
  const faults = new Faults();
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MILLISECONDS, requestTimeout: 0 });
  server.on('request', (message: IncomingMessage, response: ServerResponse) => {
    handle(message, response, options, faults).catch((error: unknown) => {
      options.onError?.(error);
      response.destroy();
    });
  });
  await listen(server, options.port);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    faults,
    close: async () => {
      const ended = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await ended;
      await options.storage.close();
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Consecutive from a random start: asking the system for random bytes costs as much as checking a signature's hash. */
let lastRequestId = randomBytes(8).readBigUInt64BE();

function nextRequestId(): string {
  lastRequestId = BigInt.asUintN(64, lastRequestId + 1n);
  return lastRequestId.toString(16).toUpperCase().padStart(16, '0');
}

async function handle(
  message: IncomingMessage,
  response: ServerResponse,
  options: SandboxServerOptions,
  faults: Faults,
): Promise<void> {
  const requestId = nextRequestId();
  response.setHeader('x-amz-request-id', requestId);
  response.setHeader('server', 'dipper-sandbox');
  const target = message.url ?? '/';
  let plan = NO_FAULTS;
  let answer: Answer;
  try {
    const sent = readRequest(message);
    const request = isPresigned(sent) ? withQueryHeaders(sent) : sent;
    const operation = findOperation(request);
    plan = faults.plan(request, operation?.name ?? null);
    if (plan !== NO_FAULTS && !(await faultsBefore(plan, message, response))) return;
    if (plan.answer !== null && plan.answer.done !== true) answer = wrongAnswer(plan.answer, target, requestId);
    else {
      const signing = verifySignature(sent, options, Date.now());
      if (operation === null) throw refuseUnknown(request);
      const { storage, clock = CLOCK } = options;
      const call = { request, signing, storage, identity: options, clock };
      answer = await operation.run(call, request.bucket ?? '', request.key ?? '');
      if (answer.document !== undefined) {
        answer = { ...answer, document: faults.pageDocument(request, plan, answer.document) };
      }
    }
  } catch (error) {
    // A client that went away in the middle of its body waits for no answer.
    if (message.destroyed && !message.complete) return;
    if (!(error instanceof S3Failure)) options.onError?.(error);
    answer = errorAnswer(failureOf(error), target, requestId);
  }
  // What is left of a body that nobody wanted must be read, or the client would never look at the answer.
  message.resume();
  if (plan.reset === 'before-answer') {
    await answer.body?.close();
    reset(response);
    return;
  }
  if (plan.answer?.done === true) {
    await answer.body?.close();
    answer = wrongAnswer(plan.answer, target, requestId);
  }
  if (plan.reset === 'after-answer') closeBehind(response);
  await sendAnswer(answer, message.method === 'HEAD', response, faultyBody(plan, response));
}
