import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { ClassOffers, OfferedRecords, OfferUse } from '../../shared/class-offer.ts';
import { call } from './call.ts';
import { keys } from './query-keys.ts';

/** What each storage class comes to for some records; null for a collection that is not saved yet asks nothing. */
export function useClassOffers(
  collection: string | null,
  records: OfferedRecords,
  use: OfferUse,
  isNear: boolean,
): UseQueryResult<ClassOffers> {
  return useQuery({
    queryKey: keys.classOffers(collection ?? '', records, use),
    queryFn: ({ signal }) => call('storage:offers', { collection: collection ?? '', records, use, isNear }, signal),
    enabled: collection !== null,
    placeholderData: (before, of) => (of?.queryKey[1] === collection ? before : undefined),
    staleTime: 0,
    gcTime: 0,
  });
}
