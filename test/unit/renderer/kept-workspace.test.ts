import { expect, test } from 'vitest';
import { newCondition, newGroup } from '../../../renderer/query/draft.ts';
import { fromKept, toKept } from '../../../renderer/shell/kept-workspace.ts';
import { newTab, type Tab } from '../../../renderer/shell/workspace.ts';

const tab: Tab = {
  ...newTab('movies'),
  draft: {
    type: 'group',
    id: 'root',
    mode: 'all',
    off: false,
    rules: [
      { ...newCondition(), place: { path: ['tags', 0] }, operator: '>', valueKind: 'number', values: ['8'] },
      newGroup('none'),
    ],
  },
  sort: [{ field: 'rating', direction: 'desc' }],
  language: 'sql',
  statement: 'SELECT 1',
  active: { row: 7, place: 2 },
  record: 'movies/heat.json',
  beside: 'movies-elsewhere',
};

test('what a window shows comes back as it was: tabs, half-built query, statement, sort, place and open record', () => {
  const shown = {
    tabs: [tab, newTab(null)],
    activeTab: tab.id,
    inspectorOpen: true,
    profileOpen: true,
    panel: 'jobs' as const,
    recent: ['command:query.run'],
    folded: ['archive'],
  };
  expect(fromKept(toKept(shown))).toEqual(shown);
});

test.each([
  'no JSON',
  'null',
  '{"format":2,"draft":{"type":"group","id":"root","mode":"all","off":false,"rules":[]},"sort":[],"active":{"row":0,"place":0}}',
  '{"format":1,"draft":{"type":"group","id":"root","mode":"all","off":false,"rules":[{"type":"condition"}]},"sort":[],"active":{"row":0,"place":0}}',
  '{"format":1,"draft":{"type":"group","id":"root","mode":"all","off":false,"rules":[]},"sort":[{"field":1}],"active":{"row":0,"place":0}}',
  '{"format":1,"draft":{"type":"group","id":"root","mode":"all","off":false,"rules":[]},"sort":[],"active":{}}',
])('a tab whose state is %s is there, and empty', (state) => {
  const kept = { tabs: [{ id: tab.id, collection: 'movies', state }], activeTab: tab.id, panels: state };
  expect(fromKept(kept).tabs).toEqual([{ ...newTab('movies'), id: tab.id }]);
});
