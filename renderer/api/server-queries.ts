import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { CodecName } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import type { LocalServer, LocalStackProgram, ServerState } from '../../shared/local-server.ts';
import { call, toAppError } from './call.ts';
import { keys } from './query-keys.ts';

/** Milliseconds between two questions to a server of this machine, while somebody looks. */
const AGAIN_AFTER = 5_000;

/** An answer that is younger is not asked for again: who opens and closes the switcher sends nothing. */
const FRESH_FOR = 4_000;

/** How the server of a connection stands; of this machine, again and again while it is shown, else once. */
export function useServerState(connection: Connection): UseQueryResult<ServerState> {
  return useQuery({
    queryKey: keys.serverState(connection.id),
    queryFn: ({ signal }) => call('connections:state', { connection: connection.id }, signal),
    staleTime: isOfThisMachine(connection) ? FRESH_FOR : 60_000,
    refetchInterval: isOfThisMachine(connection) ? AGAIN_AFTER : false,
  });
}

export function isOfThisMachine({ kind, endpoint }: Connection): boolean {
  return (
    kind === 'sandbox' || (endpoint !== null && /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|$)/.test(endpoint))
  );
}

/** Servers of this machine that no connection leads to; looked for again while they are shown. */
export function useLocalServers(): readonly LocalServer[] {
  const { data } = useQuery({
    queryKey: keys.localServers,
    queryFn: ({ signal }) => call('servers:find', {}, signal),
    staleTime: FRESH_FOR,
    refetchInterval: AGAIN_AFTER,
  });
  return data ?? NONE;
}

const NONE: readonly LocalServer[] = [];

/** What LocalStack can be started with here; null until it is known. */
export function useLocalStack(): LocalStackProgram | null {
  const { data } = useQuery({
    queryKey: keys.localStack,
    queryFn: ({ signal }) => call('servers:localstack', {}, signal),
    staleTime: 0,
    // What its command prints is shown while it runs.
    refetchInterval: ({ state }) => (state.data?.start?.state === 'running' ? 1_000 : false),
  });
  return data ?? null;
}

/** What is below a prefix of another connection. */
export type There =
  | { readonly state: 'records'; readonly codec: CodecName }
  | { readonly state: 'nothing' | 'no-bucket' };

export async function lookThere(
  connection: string,
  bucket: string,
  prefix: string,
  signal?: AbortSignal,
): Promise<There> {
  try {
    const { looked, codec } = await call('collections:detect', { connection, bucket, prefix }, signal);
    return looked === 0 ? { state: 'nothing' } : { state: 'records', codec };
  } catch (error) {
    if (toAppError(error).code === 'no-such-bucket') return { state: 'no-bucket' };
    throw error;
  }
}

export function useThere(connection: string | null, bucket: string, prefix: string): UseQueryResult<There> {
  return useQuery({
    queryKey: keys.there(connection ?? '', bucket, prefix),
    queryFn: ({ signal }) => lookThere(connection ?? '', bucket, prefix, signal),
    enabled: connection !== null,
    staleTime: 0,
    gcTime: 0,
  });
}
