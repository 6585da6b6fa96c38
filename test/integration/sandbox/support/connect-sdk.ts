import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

interface Server {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Amazon's own client, that asks once: a failure is the first one, and not the last of three. */
export function connectSdk(server: Server, options: S3ClientConfig = {}): S3Client {
  const { endpoint, region } = server;
  return new S3Client({ endpoint, region, forcePathStyle: true, maxAttempts: 1, credentials: server, ...options });
}
