import type { ConnectionPlace } from '../../shared/contract.ts';
import type { Connection } from '../../shared/connection.ts';

/** Connections in the order of `places`, each in its group; one that is not among them (made meanwhile) comes last, as it was. */
export function arrangeConnections(
  connections: readonly Connection[],
  places: readonly ConnectionPlace[],
): readonly Connection[] {
  const named = new Map(places.map((place, at) => [place.connection, { at, group: place.group }]));
  return connections
    .map((connection) => inGroup(connection, named.get(connection.id)?.group))
    .toSorted((a, b) => (named.get(a.id)?.at ?? places.length) - (named.get(b.id)?.at ?? places.length));
}

/** Undefined leaves it where it is. */
function inGroup(connection: Connection, group: string | null | undefined): Connection {
  if (group === undefined) return connection;
  const { group: _, ...alone } = connection;
  return group === null ? alone : { ...alone, group };
}
