import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { RecordDetail, WeakerWrites } from '../../shared/record.ts';
import { call } from './call.ts';
import { keys } from './query-keys.ts';

/** One record, read from S3 each time it is opened. */
export function useRecord(collection: string, key: string | null): UseQueryResult<RecordDetail> {
  return useQuery({
    queryKey: keys.record(collection, key ?? ''),
    queryFn: ({ signal }) => call('record:read', { collection, address: { key: key ?? '' } }, signal),
    enabled: key !== null,
    staleTime: 0,
    gcTime: 0,
  });
}

/**
 * What to say before a write of this kind; null where there is nothing, and until it is known. Asked only where a write is
 * near: the first answer takes a trial of the server. The other side keeps it.
 */
export function useWeakerWrite(collection: string, write: keyof WeakerWrites, wanted = true): string | null {
  const { data } = useQuery({
    queryKey: keys.weakerWrites(collection),
    queryFn: ({ signal }) => call('record:weaker-writes', { collection }, signal),
    enabled: wanted,
    staleTime: 0,
    gcTime: 0,
  });
  return data?.[write] ?? null;
}

/** Why tags cannot be written here, as far as that is known without a trial of the server; null where they can. */
export function useTagsRefused(collection: string, wanted: boolean): string | null {
  const { data } = useQuery({
    queryKey: keys.tagsRefused(collection),
    queryFn: ({ signal }) => call('record:weaker-writes', { collection, held: true }, signal),
    enabled: wanted,
    staleTime: 0,
    gcTime: 0,
  });
  return data?.tags ?? null;
}
