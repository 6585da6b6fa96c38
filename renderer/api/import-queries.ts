import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type {
  GivenReading,
  ImportInspection,
  ImportSettings,
  ImportSource,
  PreviewedRow,
} from '../../shared/import.ts';
import { call } from './call.ts';
import { keys } from './query-keys.ts';

/** Rows that are shown before an import. */
export const PREVIEWED_ROWS = 50;

/** What a source is, read as a person said. Null asks nothing. */
export function useImportInspection(
  collection: string,
  source: ImportSource | null,
  reading: GivenReading,
): UseQueryResult<ImportInspection> {
  return useQuery({
    queryKey: keys.importInspection(collection, source, reading),
    queryFn: ({ signal }) => call('import:inspect', { collection, source: known(source), reading }, signal),
    enabled: source !== null,
    // Read another way it is still the same source; another source begins with nothing.
    placeholderData: (before, of) => (of?.queryKey[2] === source ? before : undefined),
    gcTime: 0,
  });
}

/** The first rows as the records that they will be; those of the settings before stay until they are there. */
export function useImportPreview(
  collection: string,
  source: ImportSource | null,
  settings: ImportSettings | null,
): UseQueryResult<readonly PreviewedRow[]> {
  return useQuery({
    queryKey: keys.importPreview(collection, source, settings),
    queryFn: ({ signal }) =>
      call(
        'import:preview',
        { collection, source: known(source), settings: known(settings), count: PREVIEWED_ROWS },
        signal,
      ),
    enabled: source !== null && settings !== null,
    placeholderData: (before, of) => (of?.queryKey[2] === source ? before : undefined),
    gcTime: 0,
  });
}

function known<T>(value: T | null): T {
  if (value === null) throw new Error('Nothing is asked yet');
  return value;
}
