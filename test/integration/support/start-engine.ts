import { join } from 'node:path';
import { createLedger } from '../../../electron/engine/cost/ledger.ts';
import { createEngine } from '../../../electron/engine/create-engine.ts';
import type { Engine, EngineOptions } from '../../../electron/engine/engine.ts';
import { readNetworkSettings } from '../../../electron/engine/s3/network-settings.ts';
import { createRequestLog } from '../../../electron/engine/s3/request-log.ts';
import type { S3Target } from '../../../electron/engine/s3/s3-client.ts';

/** The engine whole, on one server and one folder, as the application joins it; its jobs are open. */
export async function startEngine(
  folder: string,
  target: S3Target,
  options: Pick<EngineOptions, 'spawnIndexProcess' | 'findTarget' | 'onJobChanged'> & Partial<EngineOptions>,
): Promise<Engine> {
  const engine = createEngine({
    indexFolder: join(folder, 'indexes'),
    mostIndexBytes: () => Infinity,
    journalFolder: join(folder, 'jobs'),
    uploadsFolder: join(folder, 'uploads'),
    bodiesFolder: join(folder, 'bodies'),
    isKept: () => true,
    resolveTarget: () => Promise.resolve(target),
    network: readNetworkSettings({}),
    requestLog: createRequestLog({ onChanged: () => undefined }),
    ledger: createLedger({ days: [], onChanged: () => undefined }),
    onSyncProgress: () => undefined,
    onCollectionChanged: () => undefined,
    onJobRemoved: () => undefined,
    onTransferProgress: () => undefined,
    onNote: (note) => {
      throw new Error(note);
    },
    ...options,
  });
  await engine.jobs.open({ goOn: true });
  return engine;
}
