import { QueryClient } from '@tanstack/react-query';

/**
 * `networkMode: 'always'`, because the other side is this machine: the browser's idea of being offline says nothing
 * about it. No retry here: that is the engine's.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { networkMode: 'always', retry: false, staleTime: Infinity, refetchOnWindowFocus: false },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}
