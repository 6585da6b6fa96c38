import {
  useMutation,
  type UseMutationResult,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { IndexesOnDisk } from '../../shared/collection.ts';
import type { ApplicationState } from '../../shared/contract.ts';
import type { Ledger } from '../../shared/ledger.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../shared/settings.ts';
import type { KeptWorkspace } from '../../shared/workspace.ts';
import { call } from './call.ts';
import { keys } from './query-keys.ts';

export function useApplicationState(): UseQueryResult<ApplicationState> {
  return useQuery({ queryKey: keys.application, queryFn: ({ signal }) => call('application:state', {}, signal) });
}

/** Read anew each time `wanted` becomes true: it changes with every request. */
export function useLedger(wanted: boolean): UseQueryResult<Ledger> {
  return useQuery({
    queryKey: keys.ledger,
    queryFn: ({ signal }) => call('ledger:read', {}, signal),
    enabled: wanted,
    staleTime: 0,
    gcTime: 0,
  });
}

/** The settings, or the defaults until they are there. */
export function useSettings(): Settings {
  const { data } = useQuery({ queryKey: keys.settings, queryFn: ({ signal }) => call('settings:read', {}, signal) });
  return data ?? DEFAULT_SETTINGS;
}

/** Shows the change at once; the other side's answer then replaces it. */
export function useWriteSettings(): (settings: Partial<Settings>) => void {
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: (settings: Partial<Settings>) => call('settings:write', { settings }),
    onMutate: (settings) => {
      client.setQueryData<Settings>(keys.settings, (before) => ({ ...(before ?? DEFAULT_SETTINGS), ...settings }));
    },
    onError: (error) => {
      console.warn('The settings could not be kept', error);
      void client.invalidateQueries({ queryKey: keys.settings });
    },
  });
  return mutate;
}

/** For whom it matters whether they were kept. */
export function useSaveSettings(): UseMutationResult<Settings, unknown, Partial<Settings>> {
  return useMutation({ mutationFn: (settings: Partial<Settings>) => call('settings:write', { settings }) });
}

/** What the indexes of all collections take; null until it is known. Asked anew each time. */
export function useIndexesOnDisk(): IndexesOnDisk | null {
  const { data } = useQuery({
    queryKey: keys.indexes,
    queryFn: ({ signal }) => call('settings:indexes', {}, signal),
    gcTime: 0,
  });
  return data ?? null;
}

/** What this window showed before it loaded; null where there is nothing, or it cannot be had: it begins anew then. */
export function useKeptWorkspace(window: string): KeptWorkspace | null | undefined {
  const { data, isError } = useQuery({
    queryKey: keys.workspace,
    queryFn: ({ signal }) => call('workspace:read', { window }, signal),
  });
  return isError ? null : data;
}
