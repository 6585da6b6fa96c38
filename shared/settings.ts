export interface Settings {
  readonly theme: 'system' | 'light' | 'dark';
  /** Px; null is the design's own. */
  readonly sidebarWidth: number | null;
  readonly inspectorWidth: number | null;
  readonly requestsHeight: number | null;
}

export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  sidebarWidth: null,
  inspectorWidth: null,
  requestsHeight: null,
};
