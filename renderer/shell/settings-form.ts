import type { Settings } from '../../shared/settings.ts';

const GIGABYTE = 1024 ** 3;

/** What can be changed in the dialog, numbers as they are typed. */
export interface SettingsForm {
  readonly theme: Settings['theme'];
  readonly indexCap: string;
  readonly journalDays: string;
  readonly journalCap: string;
  readonly notifyOfJobs: boolean;
}

export function formOf(settings: Settings): SettingsForm {
  return {
    theme: settings.theme,
    indexCap: capText(settings.mostIndexBytes),
    journalDays: String(settings.journalDays),
    journalCap: capText(settings.mostJournalBytes),
    notifyOfJobs: settings.notifyOfJobs,
  };
}

/** What is wrong, by field; null where all can be kept. */
export interface SettingsProblems {
  readonly indexCap: string | null;
  readonly journal: string | null;
}

export function problemsOf({ indexCap, journalDays, journalCap }: SettingsForm): SettingsProblems {
  return {
    indexCap: isCap(indexCap)
      ? null
      : 'A number of gigabytes, such as 10 or 0.5. With 0 no index stays that is not open.',
    journal:
      isDays(journalDays) && isCap(journalCap)
        ? null
        : 'Days and gigabytes are numbers, such as 30 and 5. With 0 a job goes when it has ended.',
  };
}

/** What is to be saved of a form without problems. What was not touched is not rounded. */
export function changesOf(form: SettingsForm, settings: Settings): Partial<Settings> {
  const before = formOf(settings);
  const { theme, indexCap, journalDays, journalCap, notifyOfJobs } = form;
  return {
    theme,
    notifyOfJobs,
    ...(indexCap === before.indexCap ? {} : { mostIndexBytes: capOf(indexCap) }),
    ...(journalDays === before.journalDays ? {} : { journalDays: Number(journalDays.trim()) }),
    ...(journalCap === before.journalCap ? {} : { mostJournalBytes: capOf(journalCap) }),
  };
}

/** Bytes as gigabytes, with as many digits as a person would type. */
function capText(bytes: number): string {
  return String(Number((bytes / GIGABYTE).toFixed(3)));
}

function capOf(text: string): number {
  return Math.round(Number(text.trim()) * GIGABYTE);
}

function isCap(text: string): boolean {
  return /^\d{1,6}(?:\.\d{1,3})?$/.test(text.trim());
}

function isDays(text: string): boolean {
  return /^\d{1,5}(?:\.\d{1,3})?$/.test(text.trim()) && Number(text) <= MOST_DAYS;
}

/** A hundred years. */
const MOST_DAYS = 36_500;
