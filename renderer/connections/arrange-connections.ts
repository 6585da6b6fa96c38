import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { ConnectionPlace } from '../../shared/contract.ts';
import type { Connection } from '../../shared/connection.ts';
import { call, toAppError } from '../api/call.ts';
import { keys } from '../api/query-keys.ts';
import { currentWorkspace } from '../shell/workspace.ts';

/** Shows the new order at once: the next press of a key moves what is seen. */
export function useArrangeConnections(): (places: readonly ConnectionPlace[]) => Promise<void> {
  const client = useQueryClient();
  return useCallback(
    async (places) => {
      client.setQueryData<readonly Connection[]>(keys.connections, (before) =>
        before === undefined ? undefined : arranged(before, places),
      );
      try {
        await call('connections:arrange', { places });
      } catch (error) {
        currentWorkspace().say(`The order was not kept. ${toAppError(error).message}`);
        await client.invalidateQueries({ queryKey: keys.connections });
      }
    },
    [client],
  );
}

function arranged(connections: readonly Connection[], places: readonly ConnectionPlace[]): readonly Connection[] {
  return places.flatMap(({ connection: id, group }): Connection[] => {
    const connection = connections.find((each) => each.id === id);
    if (connection === undefined) return [];
    const { group: _, ...alone } = connection;
    return [group === null ? alone : { ...alone, group }];
  });
}
