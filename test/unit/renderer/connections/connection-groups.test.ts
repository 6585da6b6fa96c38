import { expect, test } from 'vitest';
import {
  foundConnections,
  gapOfStep,
  groupNames,
  placesAfterMove,
  rowsOf,
} from '../../../../renderer/connections/connection-groups.ts';
import type { ConnectionPlace } from '../../../../shared/contract.ts';
import type { Connection } from '../../../../shared/connection.ts';

function connection(id: string, group?: string): Connection {
  return {
    id,
    name: id.toUpperCase(),
    kind: 'custom',
    endpoint: `http://${id}.example`,
    region: 'us-east-1',
    pathStyle: true,
    credentials: { source: 'environment' },
    environment: 'test',
    readOnly: false,
    maxWorkers: null,
    ...(group === undefined ? {} : { group }),
  };
}

const ALL = [connection('a', 'Work'), connection('b'), connection('c', 'Home'), connection('d', 'Work')];
const ROWS = rowsOf(ALL);

function shown(places: readonly ConnectionPlace[]): string {
  return places.map(({ connection: id, group }) => `${id}${group === null ? '' : `@${group}`}`).join(' ');
}

function find(word: string): readonly string[] {
  return foundConnections(ALL, word, ({ endpoint }) => [endpoint ?? '']).map(({ id }) => id);
}

function step(id: string, by: -1 | 1): string | null {
  const gap = gapOfStep(ROWS, id, by);
  return gap === null ? null : shown(placesAfterMove(ROWS, id, gap));
}

test('connections stand in their groups, those without one first', () => {
  expect(ROWS.map(({ id }) => id)).toEqual(['b', 'group Work', 'a', 'd', 'group Home', 'c']);
  expect(groupNames(ALL)).toEqual(['Work', 'Home']);
});

test('one that is put elsewhere belongs to the group that it stands in then', () => {
  expect(shown(placesAfterMove(ROWS, 'c', 0))).toBe('c b a@Work d@Work');
  expect(shown(placesAfterMove(ROWS, 'c', 3))).toBe('b a@Work c@Work d@Work');
  expect(shown(placesAfterMove(ROWS, 'b', 6))).toBe('a@Work d@Work c@Home b@Home');
  expect(shown(placesAfterMove(ROWS, 'a', 2))).toBe(shown(placesAfterMove(ROWS, 'a', 3)));
});

test('a step of the keyboard goes past one row; past a heading is into or out of its group', () => {
  expect(step('b', -1)).toBeNull();
  expect(step('b', 1)).toBe('b@Work a@Work d@Work c@Home');
  expect(step('a', -1)).toBe('b a d@Work c@Home');
  expect(step('d', 1)).toBe('b a@Work d@Home c@Home');
  expect(step('c', 1)).toBeNull();
});

test('they are found by name, group, environment and what else is said of them', () => {
  expect([find(''), find(' work '), find('C.EXAMPLE'), find('production')]).toEqual([
    ['a', 'b', 'c', 'd'],
    ['a', 'd'],
    ['c'],
    [],
  ]);
});
