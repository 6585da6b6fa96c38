import { create } from 'zustand';
import type { ExportedStatement } from '../../shared/export.ts';
import type { FieldSortKey } from '../../shared/query.ts';
import type { RequestFilter } from '../../shared/request-log.ts';
import type { GridPlace } from '../grid/grid-keys.ts';
import { NOTHING_SELECTED, type Selection } from '../grid/selection.ts';
import type { PickedSource } from '../transfer/import/picked-source.ts';
import type { ChosenRecords, NamedRecords } from '../jobs/chosen-records.ts';
import { EMPTY_DRAFT, type DraftGroup } from '../query/draft.ts';
import type { TypedText } from '../query/typed-text.ts';

/** What a person is doing: tabs, what is selected in them, what is open. Never a copy of the other side's data. */
export interface WorkspaceState {
  readonly tabs: readonly Tab[];
  readonly activeTab: string | null;
  readonly inspectorOpen: boolean;
  /** Figures of the fields stand beside the records. */
  readonly profileOpen: boolean;
  /** What is open below records and inspector. */
  readonly panel: Panel | null;
  /** Job whose report the panel of the jobs shows; null is the list of jobs. */
  readonly report: ShownReport | null;
  readonly requestsFilter: RequestFilter;
  readonly dialog: OpenDialog | null;
  /** The last thing done that shows nowhere else ("3 records copied"); stands in the jobs bar. */
  readonly said: Said | null;
  /** Connections whose collections are folded away in the sidebar. */
  readonly folded: readonly string[];
  /** What was chosen in the palette, the last first. */
  readonly recent: readonly string[];
  /** False until it is known what this window begins with. */
  readonly started: boolean;
}

export type Panel = 'requests' | 'jobs';

export interface ShownReport {
  readonly job: string;
  readonly onlyFailed: boolean;
}

export interface Said {
  readonly text: string;
  /** The job whose end it is; null where it is of none. */
  readonly job: string | null;
  /** Another one where the same text is said again: then that is news too. */
  readonly turn: number;
}

export interface Tab {
  readonly id: string;
  /** Null is the welcome page. */
  readonly collection: string | null;
  readonly draft: DraftGroup;
  readonly sort: readonly FieldSortKey[];
  readonly builderOpen: boolean;
  /** What is asked with: conditions, or a statement of its own. */
  readonly language: 'conditions' | 'sql';
  readonly statement: string;
  /** The statement's editor takes the focus when it is there. */
  readonly takesFocus: boolean;
  /** The builder shows the query as text. */
  readonly asText: boolean;
  /** What was typed there; null while it is the text of the draft. */
  readonly typed: TypedText | null;
  readonly active: GridPlace;
  readonly selection: Selection;
  /** Field of the profile's time line; null is the date that most records have. */
  readonly timeField: string | null;
  /** Key of the record that the inspector shows. */
  readonly record: string | null;
  /** Collection that this one is compared with: the same place on another connection, that one came from. */
  readonly beside: string | null;
}

export type OpenDialog =
  | { readonly kind: 'palette' }
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'diagnostics' }
  | { readonly kind: 'about' }
  | { readonly kind: 'connection'; readonly connection: string | null }
  | { readonly kind: 'connections' }
  | { readonly kind: 'import-connections'; readonly file: File | null }
  | { readonly kind: 'remove-connection'; readonly connection: string }
  | { readonly kind: 'start-localstack' }
  | { readonly kind: 'show-elsewhere'; readonly collection: string; readonly connection: string | null }
  /** `next`: what is opened once that is done. */
  | { readonly kind: 'sign-in'; readonly profile: string; readonly next: OpenDialog | null }
  | {
      readonly kind: 'collection';
      readonly connection: string | null;
      readonly collection: string | null;
      /** An object whose rows become the records of a new one. */
      readonly rowsOf?: { readonly bucket: string; readonly key: string };
    }
  | { readonly kind: 'remove-collection'; readonly collection: string }
  | { readonly kind: 'forget-collection'; readonly collection: string }
  | { readonly kind: 'rebuild-index'; readonly collection: string }
  | { readonly kind: 'save-query' | 'copy-query'; readonly collection: string; readonly tab: string }
  | { readonly kind: 'queries'; readonly collection: string; readonly tab: string; readonly shown: 'saved' | 'history' }
  | { readonly kind: 'set-class'; readonly collection: string; readonly chosen: ChosenRecords | NamedRecords }
  | { readonly kind: 'import'; readonly collection: string; readonly picked: PickedSource | null }
  | { readonly kind: 'new-record'; readonly collection: string; readonly copyOf: string | null }
  | { readonly kind: 'delete-record'; readonly collection: string; readonly key: string; readonly etag: string | null }
  | {
      readonly kind: 'export';
      readonly collection: string;
      readonly chosen: ChosenRecords;
      readonly query: string;
      /** The rows are those of a statement; null where they are records. */
      readonly sql: ExportedStatement | null;
    }
  | {
      readonly kind: BulkDialog;
      readonly collection: string;
      readonly chosen: ChosenRecords;
      /** Where they are copied to, where that is known before. */
      readonly to?: string;
    }
  | { readonly kind: 'promote'; readonly collection: string; /** Compared at once. */ readonly to?: string }
  | { readonly kind: 'undelete'; readonly collection: string }
  | { readonly kind: 'undo-job' | 'retry-job'; readonly job: string };

/** What is done to many records after a dialog. */
export type BulkDialog = 'delete-records' | 'change-records' | 'copy-records' | 'restore-records';

interface WorkspaceActions {
  /** A window begins with what was kept of it, else with this collection or the welcome page; later calls do nothing. */
  readonly start: (kept: Partial<WorkspaceState> | null, collection: string | null) => void;
  /**
   * Shows the collection's tab, or opens one; a welcome tab that is shown becomes it. `beside`: another one that it is
   * compared with from now on.
   */
  readonly openCollection: (collection: string, beside?: string) => void;
  readonly openWelcome: () => void;
  readonly activateTab: (tab: string) => void;
  readonly closeTab: (tab: string) => void;
  /** Closes the tabs of a collection: nothing of them is kept. */
  readonly closeCollection: (collection: string) => void;
  /** Shows what is asked in the other language, from its first row. */
  readonly askIn: (tab: string, language: Tab['language']) => void;
  readonly changeTab: (tab: string, change: Partial<Omit<Tab, 'id'>>) => void;
  /** Closes the tabs of collections that are not there any more. */
  readonly keepCollections: (collections: readonly string[]) => void;
  readonly setProfileOpen: (open: boolean) => void;
  readonly setInspectorOpen: (open: boolean) => void;
  readonly openPanel: (panel: Panel | null) => void;
  /** Opens the panel of the jobs at this report; null shows the list of jobs there. */
  readonly showReport: (report: ShownReport | null) => void;
  readonly filterRequests: (filter: RequestFilter) => void;
  readonly openDialog: (dialog: OpenDialog) => void;
  readonly closeDialog: () => void;
  /** @param job whose end it is */
  readonly say: (text: string, job?: string) => void;
  /** What was said is not the last thing any more. */
  readonly unsay: () => void;
  readonly toggleFolded: (connection: string) => void;
  readonly addRecent: (item: string) => void;
}

const MOST_RECENT = 5;

/** Something to begin with that runs as it is. */
const FIRST_STATEMENT = 'SELECT *\nFROM records\nLIMIT 100';

const FIRST_PLACE: GridPlace = { row: 0, place: 0 };

export type Workspace = WorkspaceState & WorkspaceActions;

export const useWorkspace = create<Workspace>()((set) => ({
  tabs: [],
  activeTab: null,
  inspectorOpen: false,
  profileOpen: false,
  panel: null,
  report: null,
  requestsFilter: {},
  dialog: null,
  said: null,
  folded: [],
  recent: [],
  started: false,

  start: (kept, collection) =>
    set(({ started }) => {
      if (started) return {};
      if (kept !== null) return { ...kept, started: true };
      if (collection === null) return { started: true };
      const tab = newTab(collection);
      return { started: true, tabs: [tab], activeTab: tab.id };
    }),
  openCollection: (collection, beside) =>
    set(({ tabs, activeTab }) => {
      const open = tabs.find((tab) => tab.collection === collection);
      if (open !== undefined) {
        if (beside === undefined) return { activeTab: open.id };
        return { activeTab: open.id, tabs: tabs.map((each) => (each === open ? { ...each, beside } : each)) };
      }
      const tab = { ...newTab(collection), beside: beside ?? null };
      const welcome = tabs.find(({ id, collection: shown }) => id === activeTab && shown === null);
      if (welcome === undefined) return { tabs: [...tabs, tab], activeTab: tab.id };
      return { tabs: tabs.map((each) => (each === welcome ? tab : each)), activeTab: tab.id };
    }),
  openWelcome: () =>
    set(({ tabs }) => {
      const open = tabs.find((tab) => tab.collection === null);
      if (open !== undefined) return { activeTab: open.id };
      const tab = newTab(null);
      return { tabs: [...tabs, tab], activeTab: tab.id };
    }),
  activateTab: (tab) => set({ activeTab: tab }),
  closeTab: (tab) => set((state) => withoutTabs(state, ({ id }) => id === tab)),
  closeCollection: (closed) => set((state) => withoutTabs(state, ({ collection }) => collection === closed)),
  changeTab: (tab, change) =>
    set(({ tabs }) => ({ tabs: tabs.map((each) => (each.id === tab ? { ...each, ...change } : each)) })),
  askIn: (tab, language) =>
    set(({ tabs }) => ({
      tabs: tabs.map((each) =>
        each.id === tab
          ? { ...each, language, takesFocus: language === 'sql', active: FIRST_PLACE, selection: NOTHING_SELECTED }
          : each,
      ),
    })),
  keepCollections: (collections) =>
    set((state) => withoutTabs(state, ({ collection }) => collection !== null && !collections.includes(collection))),
  setProfileOpen: (profileOpen) => set({ profileOpen }),
  setInspectorOpen: (inspectorOpen) => set({ inspectorOpen }),
  openPanel: (panel) => set({ panel, report: null }),
  showReport: (report) => set({ panel: 'jobs', report }),
  filterRequests: (requestsFilter) => set({ requestsFilter }),
  openDialog: (dialog) => set({ dialog }),
  closeDialog: () => set({ dialog: null }),
  say: (text, job) => set(({ said }) => ({ said: { text, job: job ?? null, turn: (said?.turn ?? 0) + 1 } })),
  unsay: () => set({ said: null }),
  toggleFolded: (connection) =>
    set(({ folded }) => ({
      folded: folded.includes(connection) ? folded.filter((id) => id !== connection) : [...folded, connection],
    })),
  addRecent: (item) =>
    set(({ recent }) => ({ recent: [item, ...recent.filter((other) => other !== item)].slice(0, MOST_RECENT) })),
}));

/** The workspace now, for what is done in answer to an event. */
export function currentWorkspace(): Workspace {
  return useWorkspace.getState();
}

export function newTab(collection: string | null): Tab {
  return {
    id: crypto.randomUUID(),
    collection,
    draft: EMPTY_DRAFT,
    sort: [],
    builderOpen: false,
    language: 'conditions',
    statement: FIRST_STATEMENT,
    takesFocus: false,
    asText: false,
    typed: null,
    active: FIRST_PLACE,
    selection: NOTHING_SELECTED,
    timeField: null,
    record: null,
    beside: null,
  };
}

/** The tab right of a closed one becomes the active one, else the one left of it. */
function withoutTabs(state: WorkspaceState, gone: (tab: Tab) => boolean): Pick<WorkspaceState, 'tabs' | 'activeTab'> {
  const { tabs, activeTab } = state;
  const kept = tabs.filter((tab) => !gone(tab));
  if (kept.length === tabs.length) return { tabs, activeTab };
  if (kept.some(({ id }) => id === activeTab)) return { tabs: kept, activeTab };
  const at = tabs.findIndex(({ id }) => id === activeTab);
  const next = tabs.slice(at + 1).find((tab) => !gone(tab)) ?? kept.at(-1);
  return { tabs: kept, activeTab: next?.id ?? null };
}
