import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';

interface SandboxSettings {
  readonly port: number;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Another S3 client, for the sandbox of a data folder: the AWS SDK as people use it. */
export async function sandboxClient(dataFolder: string): Promise<S3Client> {
  const settings: SandboxSettings = JSON.parse(await readFile(join(dataFolder, 'sandbox', 'settings.json'), 'utf8'));
  const { port, accessKeyId, secretAccessKey } = settings;
  return new S3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
}
