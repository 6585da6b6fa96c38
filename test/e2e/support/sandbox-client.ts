import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import type { S3Client as DipperClient } from '../../../electron/engine/s3/s3-client.ts';

interface SandboxSettings {
  readonly port: number;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Dipper's own client, which fills a bucket in a tenth of the time. */
export async function fastSandboxClient(dataFolder: string): Promise<DipperClient> {
  const { port, accessKeyId, secretAccessKey } = await settingsOf(dataFolder);
  return createS3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    pathStyle: true,
    name: 'Sandbox',
    maxWorkers: null,
    credentials: { accessKeyId, secretAccessKey, sessionToken: null },
  });
}

/** Another S3 client, for the sandbox of a data folder: the AWS SDK as people use it. */
export async function sandboxClient(dataFolder: string): Promise<S3Client> {
  const { port, accessKeyId, secretAccessKey } = await settingsOf(dataFolder);
  // Half a second of a file's start, which is for those who ask for it.
  const sdk = await import('@aws-sdk/client-s3');
  return new sdk.S3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
}

async function settingsOf(dataFolder: string): Promise<SandboxSettings> {
  return JSON.parse(await readFile(join(dataFolder, 'sandbox', 'settings.json'), 'utf8'));
}
