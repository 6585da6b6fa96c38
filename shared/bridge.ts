/**
 * The page's side of the contract. On the desktop the preload script exposes it as `window.dipper`; in the browser host
 * `window.dipper` is absent and `renderer/api` speaks the same calls over loopback HTTP:
 *
 * - The page's URL is `http://127.0.0.1:PORT/#code=CODE`. The page exchanges CODE for the token, keeps that in
 *   sessionStorage and removes the fragment. CODE works once and for 15 minutes: an address is seen in lists of processes,
 *   the token never is. A page without a token shows that a new address is needed. Static files need no token.
 * - `POST /api/enter` with the header `x-dipper-code: CODE` answers 200 and `{ "ok": true, "value": { "token": TOKEN } }`,
 *   401 where CODE was used or is too old.
 * - Everything else below `/api/` needs the header `x-dipper-token: TOKEN` and `x-dipper-client: CLIENT`, where CLIENT is an
 *   id the page makes anew on each load (8 to 64 of `A-Z a-z 0-9 _ -`). Bodies are `content-type: application/json`.
 * - `POST /api/call` with `{ "call": CALL_ID, "channel": CHANNEL, "args": ARGS }` answers 200 and a Result as JSON,
 *   also where the call failed. Aborting the fetch cancels the call, as does a page that goes away.
 * - `POST /api/cancel` with `{ "call": CALL_ID }` answers 204; the call itself then answers the code `aborted` (or
 *   what it came to, where it was done already).
 * - `GET /api/events` answers 200 and `application/x-ndjson`, a stream without end: a line of JSON for each
 *   EventMessage, an empty line every 15 seconds to show that the host is there. The first line is empty and comes at
 *   once. When the stream of a client ends, its calls are cancelled and its open results closed.
 * - 401 is a token that is missing or wrong, 403 a foreign Host or Origin, 400 a malformed request, 404 anything else;
 *   each with `{ "ok": false, "error": AppError }`.
 *
 * A browser opens at most six sockets to one host; the stream holds one of them, so calls queue behind five.
 */
import type { Answer, Args, Channel, EventName, Events } from './contract.ts';
import type { DraggedRecords } from './dragged-records.ts';
import type { GivenFile } from './given-file.ts';
import type { Result } from './result.ts';
import type { WindowMenu } from './window-menu.ts';

/** One event as it crosses: its name and its payload. */
export type EventMessage = { readonly [E in EventName]: { readonly name: E; readonly payload: Events[E] } }[EventName];

export interface Bridge {
  /**
   * Never rejects because of the call itself: failures are Results. `callId` is unique among the page's calls that are
   * under way.
   */
  invoke<C extends Channel>(channel: C, args: Args<C>, callId: string): Promise<Result<Answer<C>>>;
  /** The call answers `aborted`, or what it came to where it was done already. Unknown ids are ignored. */
  cancel(callId: string): void;
  /** Answers a function that ends the subscription. */
  subscribe(listener: (event: EventMessage) => void): () => void;
  /**
   * Only on the desktop, which knows where a File of the page is: a handle for it. Null for one that is nowhere on this
   * machine's disk, such as what was dragged out of another page.
   */
  giveFile?(file: object, callId: string): Promise<Result<GivenFile> | null>;
  /** Only on the desktop, whose drags leave the window with a file of the disk. */
  readonly dragOut?: DragOut;
  /** Only where the system draws the menus. */
  readonly menuBar?: MenuBar;
  /** Only over HTTP: on the desktop a main process that ends takes its window along. */
  readonly host?: HostWatch;
}

export interface DragOut {
  /** Writes them to a file that is kept until Dipper ends, and answers a handle for it. */
  prepare(records: DraggedRecords, callId: string): Promise<Result<{ readonly file: string }>>;
  /** For a `dragstart`: the drag of the system takes the place of the page's own. */
  start(file: string): void;
}

/**
 * `gone`: it cannot be reached, and is asked again until it can. `another`: one that was started since answers there, which
 * knows nothing of this page.
 */
export type HostState = 'there' | 'gone' | 'another';

/** Whether the other side still answers. */
export interface HostWatch {
  state(): HostState;
  /** `listener` is called after each change. Answers a function that ends the subscription. */
  subscribe(listener: () => void): () => void;
}

/** See shared/window-menu.ts. */
export interface MenuBar {
  show(menus: readonly WindowMenu[]): void;
  /** `listener` is given the id of each command that is chosen. Answers a function that ends the subscription. */
  subscribe(listener: (command: string) => void): () => void;
}

/** Name of the bridge on `window`. */
export const BRIDGE_NAME = 'dipper';

export const CODE_HEADER = 'x-dipper-code';
export const TOKEN_HEADER = 'x-dipper-token';
export const CLIENT_HEADER = 'x-dipper-client';
