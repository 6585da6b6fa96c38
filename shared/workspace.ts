/** What a window shows, kept so that a reload, a crash of the page and a restart bring it back. */
export interface KeptWorkspace {
  readonly tabs: readonly KeptTab[];
  readonly activeTab: string | null;
  /** JSON text of the page's own: panels that are open, connections that are folded away. Nothing of records. */
  readonly panels: string | null;
}

export interface KeptTab {
  readonly id: string;
  /** Null is the welcome page. */
  readonly collection: string | null;
  /** JSON text of the page's own: query, sort, place and open record. Null where there is nothing to be kept of it. */
  readonly state: string | null;
}
