import { readFile, writeFile } from 'node:fs/promises';
import { UsageError } from './usage-error.ts';

export interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * The key pair in a credentials file as AWS tools write it (AWS_SHARED_CREDENTIALS_FILE), so that no secret stands on a
 * command line or in a log. Null where there is no such file.
 */
export async function readKeysFile(path: string): Promise<KeyPair | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT') return null;
    throw new UsageError(`The keys file "${path}" cannot be read (${code}).`);
  }
  const accessKeyId = /^\s*aws_access_key_id\s*=\s*(\S+)\s*$/m.exec(text)?.[1];
  const secretAccessKey = /^\s*aws_secret_access_key\s*=\s*(\S+)\s*$/m.exec(text)?.[1];
  if (accessKeyId !== undefined && secretAccessKey !== undefined) return { accessKeyId, secretAccessKey };
  throw new UsageError(
    `The keys file "${path}" has no aws_access_key_id and aws_secret_access_key. Leave it out for one to be made.`,
  );
}

/** For its owner alone; never over a file that is there. */
export async function writeKeysFile(path: string, { accessKeyId, secretAccessKey }: KeyPair): Promise<void> {
  const text = `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(`The keys file "${path}" cannot be made (${code}). Name another with --keys-file.`);
  }
}
