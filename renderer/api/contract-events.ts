import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { hasEnded, type Job } from '../../shared/job.ts';
import { onEvent } from './events.ts';
import { keys } from './query-keys.ts';
import type { Syncs } from './search-queries.ts';

/** Keeps the cache true by the other side's events, for as long as the component is mounted. */
export function useContractEvents(): void {
  const client = useQueryClient();
  useEffect(() => {
    // A first read that is still under way may be older than the event, and would not be repeated: it begins anew.
    const invalidate = (queryKey: readonly unknown[]) =>
      void client.cancelQueries({ queryKey }).then(() => client.invalidateQueries({ queryKey }));
    const ends = [
      onEvent('application:changed', () => invalidate(keys.application)),
      onEvent('settings:changed', (settings) => client.setQueryData(keys.settings, settings)),
      onEvent('connections:changed', () => {
        invalidate(keys.connections);
        invalidate(keys.serverStates);
        invalidate(keys.localServers);
      }),
      onEvent('servers:changed', () => {
        invalidate(keys.serverStates);
        invalidate(keys.localServers);
        invalidate(keys.localStack);
      }),
      onEvent('profiles:changed', () => {
        invalidate(keys.profiles);
        // What could not be listed without somebody can be now.
        invalidate(keys.allBuckets);
        invalidate(keys.serverStates);
      }),
      onEvent('collections:changed', () => invalidate(keys.collections)),
      onEvent('saved-queries:changed', ({ collection }) => invalidate(keys.savedQueries(collection))),
      onEvent('view:changed', ({ collection, view }) => {
        // News of an own change while the next one is on its way would take that one back.
        if (client.isMutating({ mutationKey: keys.saveView(collection) }) > 0) return;
        client.setQueryData(keys.view(collection), view);
      }),
      onEvent('sync:progress', (progress) => {
        if (progress.subject === 'tags') return;
        client.setQueryData<Syncs>(keys.syncs, (before) => ({ ...before, [progress.collection]: progress }));
        if (progress.state === 'done') {
          invalidate(keys.collections);
          invalidate(keys.fields(progress.collection));
          invalidate(keys.sqlColumns(progress.collection));
        }
      }),
      onEvent('jobs:changed', () => invalidate(keys.jobs)),
      onEvent('job:changed', (job) => {
        // What was compared may be no difference any more.
        if (hasEnded(job.state)) invalidate(keys.comparisons);
        void keepJob(client, job);
      }),
      onEvent('job:removed', ({ job }) => {
        client.setQueryData<readonly Job[]>(keys.jobs, (before) => before?.filter(({ id }) => id !== job));
      }),
      onEvent('collection:changed', ({ collection }) => {
        invalidate(keys.fields(collection));
        invalidate(keys.samples(collection));
        invalidate(keys.collections);
      }),
    ];
    return () => {
      for (const end of ends) end();
    };
  }, [client]);
}

async function keepJob(client: QueryClient, job: Job): Promise<void> {
  // A list that is on its way may be older than this. It is waited for: taken back at each of five events a second it
  // would never arrive.
  if (client.isFetching({ queryKey: keys.jobs }) > 0) {
    await client.refetchQueries({ queryKey: keys.jobs }, { cancelRefetch: false });
  }
  client.setQueryData<readonly Job[]>(keys.jobs, (known) => {
    // Nobody shows jobs yet, or the list could not be read: it is read when somebody does.
    if (known === undefined) return undefined;
    const before = known.find(({ id }) => id === job.id);
    // An end state is never left, so the list was the newer of the two.
    return before !== undefined && hasEnded(before.state) ? known : withJob(known, job);
  });
}

function withJob(jobs: readonly Job[], job: Job): readonly Job[] {
  return jobs.some(({ id }) => id === job.id) ? jobs.map((each) => (each.id === job.id ? job : each)) : [job, ...jobs];
}
