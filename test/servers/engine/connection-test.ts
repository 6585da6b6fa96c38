import { checkConnection } from '../../../electron/engine/s3/check-connection.ts';
import { CHECK_TITLES } from '../../../shared/connection-check.ts';
import { signal } from '../../integration/records/record-harness.ts';
import { engineCasesOf } from './engine-case.ts';

export const CONNECTION_TEST = 'gives each check of a connection its verdict, and leaves nothing of it';

export const connectionTest = engineCasesOf('Engine: connection test', [
  {
    name: CONNECTION_TEST,
    run: async ({ client, s3, Bucket }) => {
      const place = { bucket: Bucket, prefix: 'records/' };
      const how = { place, readOnly: false, anonymous: false, tell: () => undefined, signal };
      const { checks } = await checkConnection(client, how);
      const { Versions = [], DeleteMarkers = [] } = await s3.listObjectVersions({ Bucket });
      const verdicts = Object.fromEntries(checks.map(({ check, verdict }) => [check, verdict]));
      return { ...verdicts, left: Versions.length + DeleteMarkers.length };
    },
    expected: { ...Object.fromEntries(Object.keys(CHECK_TITLES).map((check) => [check, 'passed'])), left: 0 },
  },
]);
