import type { IndexSource, RunningExport } from './collection-index.ts';
import type { IndexChannel } from './index-channel.ts';
import type { OpenIndexes } from './open-indexes.ts';
import type { BeginExport } from './protocol.ts';
import { settled, waitFor } from './waiting.ts';

/** Begins an export in the index process, which writes the files itself. */
export async function beginExport(
  { channel, indexes }: { readonly channel: IndexChannel; readonly indexes: OpenIndexes },
  source: IndexSource,
  settings: Omit<BeginExport, 'collection'>,
  signal: AbortSignal,
): Promise<RunningExport> {
  const { collection } = await waitFor(indexes.ensureOpen(source), signal);
  const { job } = settings;
  const close = (): Promise<void> =>
    settled(channel.running ? channel.call('closeExport', { job }) : Promise.resolve());
  const { total } = await channel.call(
    'beginExport',
    { ...settings, collection },
    { signal, late: () => void close() },
  );
  return {
    total,
    step: (large) => channel.call('exportStep', { job, large }),
    publish: async () => (await channel.call('publishExport', { job })).files,
    close,
  };
}
