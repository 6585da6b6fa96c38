import type { Addressing } from './addressing.ts';
import { abortedFailure, failureOfTransport } from './errors.ts';
import type { Execute, Machinery } from './execute.ts';
import { headerValue, timeOf } from './object-headers.ts';
import type { Pools } from './pools.ts';
import { reachServer } from './reach-server.ts';
import type { RequestContext } from './request-context.ts';
import type { S3Client, S3Target } from './s3-client.ts';

export interface GreetingParts {
  readonly target: S3Target;
  readonly addressing: Addressing;
  readonly pools: Pools;
  readonly execute: Execute;
  readonly now: Machinery['now'];
}

/** What can be told of a server before it is asked for anything. */
export function createGreeting(parts: GreetingParts): Pick<S3Client, 'reach' | 'greet'> {
  const { target, addressing, pools, execute, now } = parts;
  return {
    async reach({ signal }) {
      const { endpoint } = addressing;
      const { openSocket, proxy } = await pools.way(endpoint);
      try {
        const { hostname } = new URL(endpoint);
        return await reachServer(openSocket, { hostname, proxy: proxy?.address ?? null }, signal);
      } catch (cause) {
        const context = contextOf(target, endpoint);
        throw signal?.aborted === true ? abortedFailure(context) : failureOfTransport(context, cause, false).failure;
      }
    },
    async greet(call) {
      const operation = { name: 'ListBuckets', method: 'GET', bucket: null, key: null } as const;
      const { headers } = await execute({ ...operation, unsigned: true, anyStatus: true }, call);
      const date = timeOf(headers, 'date');
      return {
        server: headerValue(headers, 'server'),
        clockOffset: date === null ? null : date - now().getTime(),
      };
    },
  };
}

function contextOf(target: S3Target, endpoint: string): RequestContext {
  return {
    connection: target.name,
    endpoint,
    region: target.region,
    proxy: null,
    clockOffset: 0,
    operation: 'ListBuckets',
    bucket: null,
    key: null,
    source: null,
    condition: null,
    withTags: false,
  };
}
