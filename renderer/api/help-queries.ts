import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { Diagnostics } from '../../shared/diagnostics.ts';
import type { Licence } from '../../shared/licence.ts';
import { call } from './call.ts';
import { keys } from './query-keys.ts';

/** Written anew each time that they are looked at. */
export function useDiagnostics(withNames: boolean): UseQueryResult<Diagnostics> {
  return useQuery({
    queryKey: keys.diagnostics(withNames),
    queryFn: ({ signal }) => call('diagnostics:read', { withNames }, signal),
    staleTime: 0,
    gcTime: 0,
  });
}

/** A file beside the page, which the build writes. */
export function useLicences(): UseQueryResult<readonly Licence[]> {
  return useQuery({
    queryKey: keys.licences,
    queryFn: async ({ signal }): Promise<readonly Licence[]> => {
      const response = await fetch('licences.json', { signal });
      if (!response.ok) throw new Error(`licences.json was answered with ${response.status}`);
      const licences: readonly Licence[] = await response.json();
      return licences;
    },
  });
}
