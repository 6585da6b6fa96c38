import { setMaxListeners } from 'node:events';
import type { SecureContext } from 'node:tls';
import { Client, Pool, type Dispatcher } from 'undici';
import { Gate } from './gate.ts';
import {
  connectThroughProxy,
  connectToProxy,
  NO_PROXIES,
  proxyFor,
  type ChosenProxy,
  type ProxySettings,
} from './proxy.ts';
import { MOST_AT_ONCE, Pacer } from './pacer.ts';
import type { Proxy } from './request-context.ts';
import type { Lane } from './s3-client.ts';
import type { HttpRequest } from './send.ts';

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

/**
 * Milliseconds that a socket is kept without a request. AWS closes idle ones after some 20 s; a socket that the server has
 * just closed would cost a retry. Each has a time of its own: to close the hundreds of a batch in one turn of the event
 * loop takes longer than a page may wait.
 */
const SHORTEST_IDLE = 3_000;
const LONGEST_IDLE = 8_000;

/** What stands between this computer and the servers of a connection. */
export interface Way {
  readonly proxies: ProxySettings;
  /** Whose certificates are trusted; left out: as Node does. */
  readonly secureContext?: SecureContext;
}

/** How requests to one host leave. */
export interface Route {
  readonly dispatcher: Dispatcher;
  /** The proxy that reads the requests, and may answer them in the server's place; null where there is none. */
  readonly through: AskedProxy | null;
}

export interface AskedProxy {
  readonly proxy: Proxy;
  /** A signed request as the proxy is asked for it: by its whole address, with a header for the proxy alone. */
  address(request: HttpRequest): HttpRequest;
}

/** The sockets of one connection, opened as needed: a gate for each lane, and a pool for each lane and host. */
export interface Pools {
  readonly timeouts: Timeouts;
  gate(lane: Lane): Gate;
  /** Throws `proxy-refused` where the environment names a proxy that is none. */
  route(lane: Lane, origin: string): Route;
  /** Closes what is open as soon as its requests have ended; later ones open sockets anew. Resolves when nothing is open. */
  retire(): Promise<void>;
  /** Breaks off everything under way. */
  close(): Promise<void>;
}

/**
 * `maxWorkers` caps both lanes together: a quarter of it, at least one, stays free for clicks. With one worker there
 * is but one lane.
 */
export function createPools(
  maxWorkers: number | null,
  timeouts: Timeouts,
  { proxies, secureContext }: Way = { proxies: NO_PROXIES },
  random: () => number = Math.random,
): Pools {
  const interactiveLimit = Math.min(INTERACTIVE_CONNECTIONS, Math.max(1, Math.floor((maxWorkers ?? Infinity) / 4)));
  const bulkLimit = Math.min(MOST_AT_ONCE, Math.max(1, (maxWorkers ?? Infinity) - interactiveLimit));
  const bulk = new Pacer(bulkLimit, random).gate;
  const gates: Readonly<Record<Lane, Gate>> = {
    interactive: maxWorkers === 1 ? bulk : new Gate(interactiveLimit),
    bulk,
  };
  const connections: Readonly<Record<Lane, number>> = { interactive: interactiveLimit, bulk: bulkLimit };
  const closing = new AbortController();
  // Each socket listens to it; Node takes more than ten listeners for a leak.
  setMaxListeners(0, closing.signal);
  const connecting = {
    timeout: timeouts.connect,
    signal: closing.signal,
    ...(secureContext === undefined ? {} : { secureContext }),
  };
  const pools = new Map<string, { readonly pool: Pool; readonly route: Route }>();
  /** Pools that take no new requests. */
  const retired = new Set<Pool>();

  const open = (lane: Lane, origin: string): { readonly pool: Pool; readonly route: Route } => {
    const chosen = proxyFor(proxies, origin);
    const isTunnel = chosen !== null && origin.startsWith('https:');
    const pool = new Pool(chosen === null || isTunnel ? origin : chosen.url.origin, {
      connections: connections[lane],
      connect: chosen === null ? connecting : (isTunnel ? connectThroughProxy : connectToProxy)(chosen, connecting),
      headersTimeout: timeouts.headers,
      bodyTimeout: timeouts.body,
      factory: (to, options: Client.Options) =>
        new Client(to, { ...options, keepAliveTimeout: SHORTEST_IDLE + random() * (LONGEST_IDLE - SHORTEST_IDLE) }),
    });
    // Through a tunnel the server itself answers.
    const through = chosen === null || isTunnel ? null : askThrough(origin, chosen);
    return { pool, route: { dispatcher: pool, through } };
  };

  return {
    timeouts,
    gate: (lane) => gates[lane],
    route(lane, origin) {
      const name = `${lane} ${origin}`;
      let opened = pools.get(name);
      if (opened === undefined) {
        opened = open(lane, origin);
        pools.set(name, opened);
      }
      return opened.route;
    },
    async retire() {
      // Who waited in front of a gate opens another one.
      while (pools.size > 0) {
        const leaving = Array.from(pools.values(), ({ pool }) => pool);
        pools.clear();
        for (const pool of leaving) retired.add(pool);
        await Promise.all(leaving.map((pool) => pool.close()));
        for (const pool of leaving) retired.delete(pool);
      }
    },
    async close() {
      for (const gate of Object.values(gates)) gate.close();
      const standing = [...Array.from(pools.values(), ({ pool }) => pool), ...retired];
      await Promise.all(standing.map((pool) => pool.destroy()));
      // After the pools, whose requests fail as what was closed, not as a socket that broke.
      closing.abort();
    },
  };
}

function askThrough(origin: string, { proxy, authorization }: ChosenProxy): AskedProxy {
  const login: Record<string, string> = authorization === null ? {} : { 'proxy-authorization': authorization };
  return {
    proxy,
    address: (request) => ({
      ...request,
      path: `${origin}${request.path}`,
      headers: { ...request.headers, ...login },
    }),
  };
}
