import { offAbort, onAbort } from './abort-calls.ts';

/** What came of one try, as far as it says how much a server can take. Times are those of the clock. */
export interface EndedTry {
  readonly outcome: 'answered' | 'throttled' | 'timed-out' | 'failed';
  /** When it began to leave this computer; null where it did not. */
  readonly sentAt: number | null;
  /** When the answer began. */
  readonly answeredAt: number | null;
  /** From `Retry-After`. */
  readonly waitMilliseconds: number | null;
}

/** When the next one may come in, beside how many are inside. */
export interface Pace {
  /** Milliseconds until then; 0 for now. */
  wait(): number;
  /** One has come in. */
  entered(): void;
  learn(ended: EndedTry): void;
  /** When a request last had another answer than "slow down". */
  readonly answeredAt: number;
}

/** Of `performance.now()`; a simulated one in tests. */
export interface LaneClock {
  now(): number;
  /** Milliseconds in which the event loop had nothing to do, since the process began. */
  idle(): number;
  /** Answers how to take it back. */
  wake(milliseconds: number, call: () => void): () => void;
}

export const REAL_CLOCK: LaneClock = {
  now: () => performance.now(),
  idle: () => performance.eventLoopUtilization().idle,
  wake(milliseconds, call) {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
};

interface Ticket {
  enter(): void;
  refuse(): void;
}

/**
 * Lets at most `limit` in at a time, first come first served; who comes back to try again goes first. In front of the
 * pools of connections, because one limit holds for all hosts of a connection (virtual-host style).
 */
export class Gate {
  #limit: number;
  #inside = 0;
  #closed = false;
  #crowded = false;
  #stopWaking: (() => void) | null = null;
  readonly #waiting = new Set<Ticket>();
  readonly #returning = new Set<Ticket>();
  readonly #pace: Pace | null;
  readonly #clock: LaneClock;

  constructor(limit: number, pace: Pace | null = null, clock: LaneClock = REAL_CLOCK) {
    this.#limit = limit;
    this.#pace = pace;
    this.#clock = clock;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Nobody is put out; where there are more inside, nobody comes in until enough have left. */
  resize(limit: number): void {
    this.#limit = limit;
    this.#admit();
  }

  /** Whether all places were taken at a time since this was last asked. */
  takeCrowded(): boolean {
    const crowded = this.#crowded;
    this.#crowded = false;
    return crowded;
  }

  /** True when inside; false when the signal fired first or the gate was closed. `returning`: to try again. */
  enter(signal: AbortSignal | undefined, returning = false): boolean | Promise<boolean> {
    if (this.#closed || signal?.aborted === true) return false;
    if (this.#waiting.size + this.#returning.size === 0 && this.#mayEnter()) {
      this.#count();
      return true;
    }
    return this.#queue(signal, returning ? this.#returning : this.#waiting);
  }

  /** Every `enter` that came to true must leave once. */
  leave(ended: EndedTry): void {
    this.#inside -= 1;
    this.learn(ended);
    this.#admit();
  }

  /** Milliseconds since a request had another answer than "slow down", or since `begun` where that is later. */
  silence(begun: number): number {
    return this.#clock.now() - Math.max(begun, this.#pace?.answeredAt ?? begun);
  }

  /** What an answer says beside how it ended. */
  learn(ended: EndedTry): void {
    this.#pace?.learn(ended);
  }

  /** Refuses all who wait and all who come. */
  close(): void {
    this.#closed = true;
    this.#stopWaking?.();
    for (const ticket of [...this.#returning, ...this.#waiting]) ticket.refuse();
  }

  #queue(signal: AbortSignal | undefined, queue: Set<Ticket>): Promise<boolean> {
    return new Promise<boolean>((resolve) => {
      const refuse = (): void => {
        queue.delete(ticket);
        if (signal !== undefined) offAbort(signal, refuse);
        resolve(false);
      };
      const ticket: Ticket = {
        enter: () => {
          queue.delete(ticket);
          if (signal !== undefined) offAbort(signal, refuse);
          resolve(true);
        },
        refuse,
      };
      queue.add(ticket);
      if (signal !== undefined) onAbort(signal, refuse);
      this.#admit();
    });
  }

  #admit(): void {
    for (;;) {
      const [ticket] = this.#returning.size > 0 ? this.#returning : this.#waiting;
      if (ticket === undefined || !this.#mayEnter()) return;
      this.#count();
      ticket.enter();
    }
  }

  #count(): void {
    this.#inside += 1;
    // Each time, since V8 compiles a branch that nobody has taken as one that sends all around it back to the interpreter.
    this.#crowded = this.#crowded || this.#inside >= this.#limit;
    this.#pace?.entered();
  }

  #mayEnter(): boolean {
    if (this.#inside >= this.#limit) return false;
    const wait = this.#pace?.wait() ?? 0;
    if (wait <= 0) return true;
    // Timers know whole milliseconds only.
    this.#stopWaking ??= this.#clock.wake(Math.ceil(wait), () => {
      this.#stopWaking = null;
      this.#admit();
    });
    return false;
  }
}
