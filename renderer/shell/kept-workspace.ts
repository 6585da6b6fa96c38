import type { KeptTab, KeptWorkspace } from '../../shared/workspace.ts';
import { call } from '../api/call.ts';
import { readKeptDraft } from '../query/kept-draft.ts';
import { newTab, useWorkspace, type Tab, type WorkspaceState } from './workspace.ts';

const STORAGE_KEY = 'dipper.window';
const STATE_FORMAT = 1;
/** What a page is loaded at that is to begin without what was kept; the desktop's window does so too. */
export const WITHOUT_TABS = '#without-tabs';

/**
 * Id of this window or browser tab, the same after a reload. The browser keeps no more than that: what it stores it writes
 * to disk, and of a collection that is in memory only nothing shall be there.
 */
export function windowId(storage: Storage = window.sessionStorage): string {
  const known = storage.getItem(STORAGE_KEY);
  if (known !== null) return known;
  const made = crypto.randomUUID();
  storage.setItem(STORAGE_KEY, made);
  return made;
}

/** Keeps what the window shows as it changes, until the answered function is called. */
export function keepWorkspace(): () => void {
  const window = windowId();
  let last = '';
  return useWorkspace.subscribe((state) => {
    if (!state.started) return;
    const workspace = toKept(state);
    const text = JSON.stringify(workspace);
    if (text === last) return;
    last = text;
    call('workspace:save', { window, workspace }).catch((error: unknown) => {
      console.warn('What this window shows could not be kept', error);
    });
  });
}

type Kept = Pick<
  WorkspaceState,
  'tabs' | 'activeTab' | 'inspectorOpen' | 'profileOpen' | 'panel' | 'folded' | 'recent'
>;

export function toKept({ tabs, activeTab, inspectorOpen, profileOpen, panel, folded, recent }: Kept): KeptWorkspace {
  const panels = JSON.stringify({ format: STATE_FORMAT, inspectorOpen, profileOpen, panel, folded, recent });
  return { tabs: tabs.map(keptTab), activeTab, panels };
}

function keptTab({
  id,
  collection,
  draft,
  sort,
  language,
  statement,
  active,
  timeField,
  record,
  beside,
}: Tab): KeptTab {
  const kept = { format: STATE_FORMAT, draft, sort, language, statement, active, timeField, record, beside };
  const state = collection === null ? null : JSON.stringify(kept);
  return { id, collection, state };
}

/**
 * What the window begins with. A page that kept ending is loaded at `#without-tabs` where somebody chose so; the mark is
 * taken away, so that the next load brings back what was opened since.
 */
export function beginning(kept: KeptWorkspace | null): Partial<WorkspaceState> | null {
  if (window.location.hash !== WITHOUT_TABS) return kept === null ? null : fromKept(kept);
  window.history.replaceState(window.history.state, '', window.location.pathname);
  return { tabs: [], activeTab: null };
}

export function fromKept({ tabs, activeTab, panels }: KeptWorkspace): Kept {
  return {
    tabs: tabs.map(({ id, collection, state }) => ({ ...newTab(collection), ...tabState(state), id })),
    activeTab,
    ...panelState(panels),
  };
}

function panelState(text: string | null): Omit<Kept, 'tabs' | 'activeTab'> {
  const { inspectorOpen, profileOpen, panel, folded, recent } = readState(text) ?? {};
  return {
    inspectorOpen: inspectorOpen === true,
    profileOpen: profileOpen === true,
    panel: panel === 'requests' || panel === 'jobs' ? panel : null,
    folded: stringsOf(folded),
    recent: stringsOf(recent),
  };
}

function stringOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function stringsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** Empty where it is not of a form that this page knows: the tab is there then, without its query. */
function tabState(text: string | null): Partial<Tab> {
  const state = readState(text);
  if (state === null) return {};
  const { draft, sort, language, statement, active, timeField, record, beside } = state;
  const query = readKeptDraft(draft);
  if (query === null || !isSort(sort) || !isPlace(active)) return {};
  return {
    draft: query,
    sort,
    active,
    timeField: stringOrNull(timeField),
    record: stringOrNull(record),
    beside: stringOrNull(beside),
    ...(typeof statement === 'string' ? { statement, language: language === 'sql' ? language : 'conditions' } : {}),
  };
}

function readState(text: string | null): Readonly<Record<string, unknown>> | null {
  if (text === null) return null;
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch {
    return null;
  }
  return isObject(state) && state['format'] === STATE_FORMAT ? state : null;
}

function isSort(value: unknown): value is Tab['sort'] {
  return (
    Array.isArray(value) &&
    value.every(
      (key) =>
        isObject(key) &&
        typeof key['field'] === 'string' &&
        (key['direction'] === 'asc' || key['direction'] === 'desc'),
    )
  );
}

function isPlace(value: unknown): value is Tab['active'] {
  return isObject(value) && Number.isInteger(value['row']) && Number.isInteger(value['place']);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
