import { Pool, type Dispatcher } from 'undici';
import { Gate } from './gate.ts';
import type { Lane } from './s3-client.ts';

export interface Timeouts {
  /** Milliseconds until TCP and TLS stand. */
  readonly connect: number;
  /** Milliseconds until the first header after the request has left. */
  readonly headers: number;
  /** Milliseconds without a byte of the body. */
  readonly body: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = { connect: 10_000, headers: 30_000, body: 30_000 };

const INTERACTIVE_CONNECTIONS = 16;
const BULK_CONNECTIONS = 64;

/** The sockets of one connection: a gate for each lane, and a pool for each lane and host. */
export interface Pools {
  gate(lane: Lane): Gate;
  dispatcher(lane: Lane, origin: string): Dispatcher;
  /** Breaks off everything under way. */
  close(): Promise<void>;
}

/**
 * `maxWorkers` caps both lanes together: a quarter of it, at least one, stays free for clicks. With one worker there
 * is but one lane.
 */
export function createPools(maxWorkers: number | null, timeouts: Timeouts): Pools {
  const interactiveLimit = Math.min(INTERACTIVE_CONNECTIONS, Math.max(1, Math.floor((maxWorkers ?? Infinity) / 4)));
  const bulkLimit = Math.min(BULK_CONNECTIONS, (maxWorkers ?? Infinity) - interactiveLimit);
  const interactive = new Gate(interactiveLimit);
  const gates: Readonly<Record<Lane, Gate>> = {
    interactive,
    bulk: bulkLimit < 1 ? interactive : new Gate(bulkLimit),
  };
  const pools = new Map<string, Pool>();

  return {
    gate: (lane) => gates[lane],
    dispatcher(lane, origin) {
      const name = `${lane} ${origin}`;
      let pool = pools.get(name);
      if (pool === undefined) {
        pool = new Pool(origin, {
          connections: gates[lane].limit,
          connect: { timeout: timeouts.connect },
          headersTimeout: timeouts.headers,
          bodyTimeout: timeouts.body,
          // AWS closes idle sockets after some 20 s; a socket that the server has just closed would cost a retry.
          keepAliveTimeout: 4_000,
        });
        pools.set(name, pool);
      }
      return pool;
    },
    async close() {
      for (const gate of Object.values(gates)) gate.close();
      await Promise.all(Array.from(pools.values(), (pool) => pool.destroy()));
    },
  };
}
