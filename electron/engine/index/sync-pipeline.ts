import type { IndexedObject } from './object-batch.ts';

/** Objects to a batch: DuckDB's appender stalls for most of a second when it is flushed less often. */
export const BATCH_OBJECTS = 1_000;
const BATCH_BYTES = 4 * 1024 * 1024;
/** The first batch is small, so that first rows show soon, and large enough to decide columns on. */
const FIRST_BATCH_OBJECTS = 256;
/** Milliseconds after which a batch is sent although it is not full. */
const BATCH_AGE = 500;

/** A gate that at most `limit` units pass at once; one that asks for more than all passes alone. */
export class Budget {
  #free: number;
  readonly #limit: number;
  readonly #waiting: { readonly units: number; readonly pass: () => void }[] = [];

  constructor(limit: number) {
    this.#limit = limit;
    this.#free = limit;
  }

  async take(units: number): Promise<void> {
    const asked = Math.min(units, this.#limit);
    if (this.#waiting.length === 0 && this.#free >= asked) {
      this.#free -= asked;
      return;
    }
    await new Promise<void>((pass) => {
      this.#waiting.push({ units: asked, pass });
    });
  }

  give(units: number): void {
    this.#free += Math.min(units, this.#limit);
    for (let next = this.#waiting[0]; next !== undefined && next.units <= this.#free; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#free -= next.units;
      next.pass();
    }
  }
}

/** A first-in first-out line between two stages; `put` waits while it is long. */
export class Line<T extends object | number> {
  #items: T[] = [];
  #head = 0;
  #closed = false;
  readonly #longest: number;
  readonly #takers: ((item: T | null) => void)[] = [];
  readonly #putters: (() => void)[] = [];

  constructor(longest: number) {
    this.#longest = longest;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  get length(): number {
    return this.#items.length - this.#head;
  }

  async put(items: readonly T[]): Promise<void> {
    for (const item of items) {
      const taker = this.#takers.shift();
      if (taker === undefined) this.#items.push(item);
      else taker(item);
    }
    while (this.length > this.#longest && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#putters.push(resolve);
      });
    }
  }

  /** The next item; null when the line is closed and empty. */
  async take(): Promise<T | null> {
    const item = this.#items[this.#head];
    if (item !== undefined) {
      this.#head += 1;
      // Nor does an empty line keep those that have left it: each keeps the page of the listing that it was cut from.
      if (this.length === 0 || this.#head > 1_024) {
        this.#items = this.#items.slice(this.#head);
        this.#head = 0;
      }
      if (this.length <= this.#longest) this.#putters.shift()?.();
      return item;
    }
    if (this.#closed) return null;
    return new Promise((resolve) => {
      this.#takers.push(resolve);
    });
  }

  close(): void {
    this.#closed = true;
    for (const taker of this.#takers.splice(0)) taker(null);
    for (const putter of this.#putters.splice(0)) putter();
  }

  /** Closes the line and forgets what stands in it. */
  drop(): void {
    this.#items = [];
    this.#head = 0;
    this.close();
  }
}

/** Batches that are on their way at once: the index decodes one while it writes the one before. */
const MOST_SENDING = 2;

/**
 * Gathers objects into batches and sends them, two at a time. `add` waits while a full batch waits for one of them, so at
 * most three batches are in memory. What the sending failed with is thrown by the next `add` or `flush`.
 */
export class Batcher {
  readonly #send: (objects: readonly IndexedObject[]) => Promise<void>;
  #gathered: IndexedObject[] = [];
  #bytes = 0;
  #sentAt = performance.now();
  #sentAny = false;
  readonly #sending = new Set<Promise<void>>();
  #failure: Error | null = null;

  constructor(send: (objects: readonly IndexedObject[]) => Promise<void>) {
    this.#send = send;
  }

  async add(object: IndexedObject): Promise<void> {
    while (this.#isFull() && this.#sending.size >= MOST_SENDING) await Promise.race(this.#sending);
    if (this.#failure !== null) throw this.#failure;
    this.#gathered.push(object);
    this.#bytes += object.body?.byteLength ?? 0;
    this.#startIfDue();
  }

  /** Sends a batch that is not full, where it has waited for long. */
  sendAged(): void {
    if (this.#failure === null && this.#gathered.length > 0) this.#startIfDue();
  }

  async flush(): Promise<void> {
    while (this.#failure === null && (this.#sending.size > 0 || this.#gathered.length > 0)) {
      if (this.#gathered.length > 0 && this.#sending.size < MOST_SENDING) this.#start();
      else await Promise.race(this.#sending);
    }
    if (this.#failure !== null) throw this.#failure;
  }

  #isFull(): boolean {
    const enough = this.#sentAny ? BATCH_OBJECTS : FIRST_BATCH_OBJECTS;
    return this.#gathered.length >= enough || this.#bytes >= BATCH_BYTES;
  }

  /** One that is only old goes alone: behind another one it would not arrive sooner. */
  #startIfDue(): void {
    const isOld = this.#sending.size === 0 && performance.now() - this.#sentAt >= BATCH_AGE;
    if (isOld || (this.#isFull() && this.#sending.size < MOST_SENDING)) this.#start();
  }

  #start(): void {
    const objects = this.#gathered;
    this.#gathered = [];
    this.#bytes = 0;
    this.#sentAny = true;
    this.#sentAt = performance.now();
    const sending = this.#send(objects)
      .catch((error: unknown) => {
        this.#failure = error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => {
        this.#sending.delete(sending);
        if (this.#failure === null && this.#isFull()) this.#startIfDue();
      });
    this.#sending.add(sending);
  }
}
