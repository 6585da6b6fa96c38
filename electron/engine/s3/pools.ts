import { setMaxListeners } from 'node:events';
import type { SecureContext } from 'node:tls';
import { trustOfSystem } from './certificates.ts';
import { Gate } from './gate.ts';
import { ConnectionPool } from './http/connection-pool.ts';
import { createOpener, type ConnectOptions, type OpenSocket } from './http/open-socket.ts';
import {
  connectThroughProxy,
  connectToProxy,
  findProxy,
  NO_PROXIES,
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

/** What stands between this computer and the servers of a connection. */
export interface Way {
  readonly proxies: ProxySettings;
  /** Whose certificates are trusted; left out: what Node trusts, and this computer where Node can tell. */
  readonly secureContext?: SecureContext;
}

/** How requests to one host leave. */
export interface Route {
  readonly pool: ConnectionPool;
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
  /**
   * Found once for each host; a promise while the system is asked for a proxy. Throws `proxy-refused` where what is named is
   * none.
   */
  route(lane: Lane, origin: string): Route | Promise<Route>;
  /** What opens the sockets of a route to there, and the proxy on the way. Throws as `route`. */
  way(origin: string): Promise<{ readonly openSocket: OpenSocket; readonly proxy: Proxy | null }>;
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
  const closing = new AbortController();
  // Each socket listens to it; Node takes more than ten listeners for a leak.
  setMaxListeners(0, closing.signal);
  const plain = { timeout: timeouts.connect, signal: closing.signal };
  const secure = (): ConnectOptions => {
    const trusted = secureContext ?? trustOfSystem();
    return trusted === undefined ? plain : { ...plain, secureContext: trusted };
  };
  /** By host, which each request has as the same text: one that is put together would be compared letter by letter. */
  const routes: Readonly<Record<Lane, Map<string, Route>>> = { interactive: new Map(), bulk: new Map() };
  /** Pools that take no new requests. */
  const retired = new Set<ConnectionPool>();

  const standing = (): readonly ConnectionPool[] =>
    Object.values(routes).flatMap((ofLane) => Array.from(ofLane.values(), ({ pool }) => pool));

  const openerOf = (origin: string, chosen: ChosenProxy | null): OpenSocket => {
    const isSecure = origin.startsWith('https:') || chosen?.url.protocol === 'https:';
    const connecting = isSecure ? secure() : plain;
    if (chosen === null) return createOpener(origin, connecting);
    return origin.startsWith('https:')
      ? connectThroughProxy(chosen, origin, connecting)
      : connectToProxy(chosen, connecting);
  };

  const open = (origin: string, chosen: ChosenProxy | null): Route => {
    const isTunnel = chosen !== null && origin.startsWith('https:');
    return {
      pool: new ConnectionPool(openerOf(origin, chosen), timeouts, random),
      // Through a tunnel the server itself answers.
      through: chosen === null || isTunnel ? null : askThrough(origin, chosen),
    };
  };

  return {
    timeouts,
    gate: (lane) => gates[lane],
    route(lane, origin) {
      const ofLane = routes[lane];
      const known = ofLane.get(origin);
      if (known !== undefined) return known;
      // Two may ask at once: the first that is answered makes the route.
      const keep = (chosen: ChosenProxy | null): Route => {
        const route = ofLane.get(origin) ?? open(origin, chosen);
        ofLane.set(origin, route);
        return route;
      };
      const chosen = findProxy(proxies, origin);
      return chosen instanceof Promise ? chosen.then(keep) : keep(chosen);
    },
    async way(origin) {
      const chosen = await findProxy(proxies, origin);
      return { openSocket: openerOf(origin, chosen), proxy: chosen?.proxy ?? null };
    },
    async retire() {
      // Who waited in front of a gate opens another one.
      while (standing().length > 0) {
        const leaving = standing();
        for (const ofLane of Object.values(routes)) ofLane.clear();
        for (const pool of leaving) retired.add(pool);
        await Promise.all(leaving.map((pool) => pool.leave()));
        for (const pool of leaving) retired.delete(pool);
      }
    },
    async close() {
      for (const gate of Object.values(gates)) gate.close();
      await Promise.all([...standing(), ...retired].map((pool) => pool.close()));
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
