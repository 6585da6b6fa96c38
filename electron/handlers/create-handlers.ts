import { applicationHandlers } from './application-handlers.ts';
import { bucketHandlers } from './bucket-handlers.ts';
import { collectionHandlers } from './collection-handlers.ts';
import { connectionFileHandlers } from './connection-file-handlers.ts';
import { connectionHandlers } from './connection-handlers.ts';
import { diagnosticsHandlers } from './diagnostics-handlers.ts';
import { draftHandlers } from './draft-handlers.ts';
import { fileHandlers } from './file-handlers.ts';
import { exportHandlers } from './export-handlers.ts';
import { forgetHandlers } from './forget-handlers.ts';
import type { Handlers } from './handler.ts';
import { importHandlers } from './import-handlers.ts';
import { jobHandlers } from './job-handlers.ts';
import { profileHandlers } from './profile-handlers.ts';
import { promoteHandlers } from './promote-handlers.ts';
import { queryHandlers } from './query-handlers.ts';
import { recordHandlers } from './record-handlers.ts';
import { requestHandlers } from './request-handlers.ts';
import { savedQueryHandlers } from './saved-query-handlers.ts';
import { serverHandlers } from './server-handlers.ts';
import type { Services } from './services.ts';
import { settingsHandlers } from './settings-handlers.ts';
import { sqlHandlers } from './sql-handlers.ts';
import { storageHandlers } from './storage-handlers.ts';
import { undeleteHandlers } from './undelete-handlers.ts';
import { uploadHandlers } from './upload-handlers.ts';
import { urlHandlers } from './url-handlers.ts';
import { viewHandlers } from './view-handlers.ts';
import { workspaceHandlers } from './workspace-handlers.ts';

/** The whole contract: a channel without a handler does not compile. */
export function createHandlers(services: Services): Handlers {
  const handlers: Handlers = {
    ...applicationHandlers(services, () => handlers),
    ...settingsHandlers(services),
    ...connectionHandlers(services),
    ...serverHandlers(services),
    ...profileHandlers(services),
    ...connectionFileHandlers(services),
    ...bucketHandlers(services),
    ...collectionHandlers(services),
    ...urlHandlers(services),
    ...forgetHandlers(services),
    ...viewHandlers(services),
    ...workspaceHandlers(services),
    ...queryHandlers(services),
    ...sqlHandlers(services),
    ...savedQueryHandlers(services),
    ...recordHandlers(services),
    ...uploadHandlers(services),
    ...draftHandlers(services),
    ...jobHandlers(services),
    ...promoteHandlers(services),
    ...undeleteHandlers(services),
    ...importHandlers(services),
    ...fileHandlers(services),
    ...storageHandlers(services),
    ...exportHandlers(services),
    ...requestHandlers(services),
    ...diagnosticsHandlers(services),
  } satisfies Handlers;
  return handlers;
}
