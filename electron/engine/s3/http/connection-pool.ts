import type { HttpRequest } from '../send.ts';
import { Connection, type AnswerTimeouts, type ConnectionOwner, type Exchange } from './connection.ts';
import type { OpenSocket } from './open-socket.ts';
import { TransportError } from './transport-error.ts';

/**
 * Milliseconds that a connection is kept without a request. AWS closes idle ones after some 20 s; one that the server has
 * just closed would cost a retry. Each has a time of its own: to close the hundreds of a batch in one turn of the event
 * loop takes longer than a page may wait.
 */
const SHORTEST_IDLE = 3_000;
const LONGEST_IDLE = 8_000;
/** How often idle ones are looked at. */
const SWEEP_EVERY = 100;
/**
 * Requests that leave together. A server on the same machine falls asleep between two that come one by one, and who sends
 * one pays for waking it up: 8 to 11 µs a record. To wait for more of them gained nothing.
 */
const SENT_TOGETHER = 16;

/**
 * The connections to one host. It opens one where none is idle; how many there are is decided by who sends (the gate of a
 * lane).
 */
export class ConnectionPool implements ConnectionOwner {
  readonly #openSocket: OpenSocket;
  readonly #timeouts: AnswerTimeouts;
  readonly #random: () => number;
  readonly #connections = new Set<Connection>();
  /** Taken in the order in which they came: who has rested longest can send at once. */
  #idle: Connection[] = [];
  /** Idle for less than a turn of the event loop. */
  #resting: Connection[] = [];
  readonly #opening = new Set<Exchange>();
  /** Their requests leave together. */
  #loaded: Connection[] = [];
  #sweeping: NodeJS.Timeout | null = null;
  #state: 'open' | 'leaving' | 'closed' = 'open';
  #emptied = (): void => {};

  constructor(openSocket: OpenSocket, timeouts: AnswerTimeouts, random: () => number) {
    this.#openSocket = openSocket;
    this.#timeouts = timeouts;
    this.#random = random;
  }

  send(request: HttpRequest, exchange: Exchange): void {
    const connection = this.#state === 'open' ? this.#takeIdle() : undefined;
    if (connection !== undefined) this.#load(connection, request, exchange);
    else this.#open(request, exchange);
  }

  /** Closes each connection behind what is under way on it. Resolves when all are closed. */
  async leave(): Promise<void> {
    if (this.#state === 'open') this.#state = 'leaving';
    for (const connection of this.#idle.splice(0)) connection.destroy();
    await this.#empty();
  }

  /** What is under way fails. */
  async close(): Promise<void> {
    this.#state = 'closed';
    for (const connection of this.#connections) connection.destroy();
    for (const exchange of this.#opening) exchange.onFailure(closed());
    this.#opening.clear();
    await this.#empty();
  }

  onIdle(connection: Connection): void {
    if (this.#state !== 'open') return connection.destroy();
    this.#idle.push(connection);
    if (connection.isResting && this.#resting.push(connection) === 1) setImmediate(() => this.#endRest());
    this.#sweeping ??= setInterval(() => this.#sweep(), SWEEP_EVERY).unref();
  }

  onClosed(connection: Connection): void {
    this.#connections.delete(connection);
    const place = this.#idle.indexOf(connection);
    if (place !== -1) this.#idle.splice(place, 1);
    this.#tellEmpty();
  }

  onUnsent(request: HttpRequest, exchange: Exchange): void {
    this.send(request, exchange);
  }

  #takeIdle(): Connection | undefined {
    for (;;) {
      const connection = this.#idle.shift();
      if (connection === undefined || connection.closesAt > performance.now()) return connection;
      connection.destroy();
    }
  }

  #open(request: HttpRequest, exchange: Exchange): void {
    if (this.#state === 'closed') return exchange.onFailure(closed());
    this.#opening.add(exchange);
    this.#openSocket((...[error, opened]) => {
      this.#opening.delete(exchange);
      if (error !== null) {
        exchange.onFailure(error);
        this.#tellEmpty();
        return;
      }
      const keptFor = SHORTEST_IDLE + this.#random() * (LONGEST_IDLE - SHORTEST_IDLE);
      const connection = new Connection(opened, this.#timeouts, keptFor, this);
      this.#connections.add(connection);
      if (this.#state === 'closed') connection.destroy();
      else if (exchange.isOver) connection.release();
      else this.#load(connection, request, exchange);
    });
  }

  #load(connection: Connection, request: HttpRequest, exchange: Exchange): void {
    connection.take(request, exchange);
    // It leaves at the end of its rest.
    if (connection.isResting) return;
    const count = this.#loaded.push(connection);
    if (count === 1) setImmediate(() => this.#sendTogether());
    if (count === SENT_TOGETHER) this.#sendTogether();
  }

  #sendTogether(): void {
    const loaded = this.#loaded;
    this.#loaded = [];
    for (const connection of loaded) connection.send();
  }

  #endRest(): void {
    const resting = this.#resting;
    this.#resting = [];
    // Before this the sockets were not read again; they will have been by then.
    setImmediate(() => {
      for (const connection of resting) connection.rested();
    });
  }

  #sweep(): void {
    const now = performance.now();
    for (const connection of this.#idle.filter(({ closesAt }) => closesAt <= now)) connection.destroy();
    for (const connection of this.#idle) connection.letProcessEnd();
    if (this.#idle.length > 0 || this.#sweeping === null) return;
    clearInterval(this.#sweeping);
    this.#sweeping = null;
  }

  async #empty(): Promise<void> {
    await new Promise<void>((resolve) => {
      const before = this.#emptied;
      this.#emptied = () => {
        before();
        resolve();
      };
      this.#tellEmpty();
    });
  }

  #tellEmpty(): void {
    if (this.#connections.size + this.#opening.size === 0) this.#emptied();
  }
}

function closed(): TransportError {
  return new TransportError('CLOSED', 'The connection was closed.');
}
