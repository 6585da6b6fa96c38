import type { ConnectionPlace } from '../../shared/contract.ts';
import type { Connection } from '../../shared/connection.ts';

export interface ConnectionGroup {
  /** Null: in no group. */
  readonly name: string | null;
  readonly connections: readonly Connection[];
}

/** A line of a list of connections: the heading of a group, or a connection. */
export type ConnectionRow =
  | { readonly type: 'group'; readonly id: string; readonly name: string }
  | { readonly type: 'connection'; readonly id: string; readonly connection: Connection };

/** Those in no group first, then the groups as their first connections stand. */
export function groupsOf(connections: readonly Connection[]): readonly ConnectionGroup[] {
  const groups = new Map<string | null, Connection[]>([[null, []]]);
  for (const connection of connections) {
    const name = connection.group ?? null;
    groups.set(name, [...(groups.get(name) ?? []), connection]);
  }
  return Array.from(groups, ([name, own]) => ({ name, connections: own })).filter(
    (group) => group.connections.length > 0,
  );
}

export function rowsOf(connections: readonly Connection[]): readonly ConnectionRow[] {
  return groupsOf(connections).flatMap(({ name, connections: own }): ConnectionRow[] => [
    ...(name === null ? [] : [{ type: 'group' as const, id: `group ${name}`, name }]),
    ...own.map((connection) => ({ type: 'connection' as const, id: connection.id, connection })),
  ]);
}

export function groupNames(connections: readonly Connection[]): readonly string[] {
  return groupsOf(connections)
    .map(({ name }) => name)
    .filter((name) => name !== null);
}

/**
 * Where all connections stand once one of them was put into a gap between two rows (0 is above the first): it belongs to the
 * group that it stands in then.
 */
export function placesAfterMove(rows: readonly ConnectionRow[], id: string, gap: number): readonly ConnectionPlace[] {
  const moved = rows.find((row) => row.id === id);
  if (moved === undefined) return placesOf(rows);
  return placesOf([...rows.slice(0, gap), moved, ...rows.slice(gap)].filter((row, at) => row !== moved || at === gap));
}

function placesOf(rows: readonly ConnectionRow[]): readonly ConnectionPlace[] {
  const places: ConnectionPlace[] = [];
  let group: string | null = null;
  for (const row of rows) {
    if (row.type === 'group') group = row.name;
    else places.push({ connection: row.id, group });
  }
  return places;
}

/** The gap that one step of the keyboard leads to; null where there is none: past a heading is into its group. */
export function gapOfStep(rows: readonly ConnectionRow[], id: string, step: -1 | 1): number | null {
  const at = rows.findIndex((row) => row.id === id);
  const gap = step < 0 ? at - 1 : at + 2;
  return at < 0 || gap < 0 || gap > rows.length ? null : gap;
}

/** By name, group, environment and whatever else `textsOf` says of a connection. */
export function foundConnections(
  connections: readonly Connection[],
  wanted: string,
  textsOf: (connection: Connection) => readonly string[],
): readonly Connection[] {
  const word = wanted.trim().toLowerCase();
  if (word === '') return connections;
  return connections.filter((connection) =>
    [connection.name, connection.environment, connection.group ?? '', ...textsOf(connection)].some((text) =>
      text.toLowerCase().includes(word),
    ),
  );
}
