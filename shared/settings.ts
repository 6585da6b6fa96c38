export interface Settings {
  readonly theme: 'system' | 'light' | 'dark';
  /** Widths in px by collection id, then by column name. */
  readonly columnWidths: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Px; null is the design's width. */
  readonly sidebarWidth: number | null;
  readonly inspectorWidth: number | null;
}

export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  columnWidths: {},
  sidebarWidth: null,
  inspectorWidth: null,
};
