export interface Settings {
  readonly theme: 'system' | 'light' | 'dark';
  /** Px; null is the design's own. */
  readonly sidebarWidth: number | null;
  readonly inspectorWidth: number | null;
  /** Of what is open below the records: the request log or the jobs. */
  readonly requestsHeight: number | null;
  /** Bytes of all indexes on the disk together. */
  readonly mostIndexBytes: number;
  /** Days for which an ended job is kept with its journal, and can be undone. */
  readonly journalDays: number;
  /** Bytes of the journals of ended jobs together: the oldest go first. */
  readonly mostJournalBytes: number;
  /** The desktop says that a job has ended or stands still, where nobody looks at a window. */
  readonly notifyOfJobs: boolean;
}

export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  sidebarWidth: null,
  inspectorWidth: null,
  requestsHeight: null,
  mostIndexBytes: 10 * 1024 * 1024 * 1024,
  journalDays: 30,
  mostJournalBytes: 5 * 1024 * 1024 * 1024,
  notifyOfJobs: true,
};
