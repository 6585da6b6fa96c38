import { exec } from 'node:child_process';
import { promisify } from 'node:util';
import { AppFailure } from '../../../shared/result.ts';
import type { ExpiringCredentials } from '../s3/s3-client.ts';
import type { Variables } from './profile-files.ts';

/** Long enough for one that opens a window and waits for a person. */
const LONGEST_RUN = 120_000;

/**
 * What the program of `credential_process` prints: a JSON object with `Version` 1. Its line is run by the shell, as Amazon's
 * own tools do it. What it says on standard error is for the person whose program it is, and may hold what it should not:
 * none of it is passed on.
 */
export async function runCredentialProcess(
  profile: string,
  command: string,
  environment: Variables,
): Promise<ExpiringCredentials> {
  let printed: string;
  try {
    const options = { env: { ...environment }, timeout: LONGEST_RUN, maxBuffer: 1024 * 1024, windowsHide: true };
    printed = (await promisify(exec)(command, options)).stdout;
  } catch (error) {
    throw failed(profile, endOf(error), error);
  }
  let answer: unknown;
  try {
    answer = JSON.parse(printed);
  } catch {
    throw failed(profile, 'prints no JSON');
  }
  const parts = new Map<string, unknown>(typeof answer === 'object' && answer !== null ? Object.entries(answer) : []);
  const textOf = (name: string): string | null => {
    const value = parts.get(name);
    return typeof value === 'string' && value !== '' ? value : null;
  };
  if (parts.get('Version') !== 1) throw failed(profile, 'prints JSON without "Version": 1');
  const accessKeyId = textOf('AccessKeyId');
  const secretAccessKey = textOf('SecretAccessKey');
  if (accessKeyId === null || secretAccessKey === null)
    throw failed(profile, 'prints no AccessKeyId and SecretAccessKey');
  const expiration = textOf('Expiration');
  const expiresAt = expiration === null ? null : Date.parse(expiration);
  if (expiresAt !== null && Number.isNaN(expiresAt)) throw failed(profile, 'prints an Expiration that is no time');
  if (expiresAt !== null && expiresAt <= Date.now()) throw failed(profile, 'prints credentials that have expired');
  return { credentials: { accessKeyId, secretAccessKey, sessionToken: textOf('SessionToken') }, expiresAt };
}

/** The first word of a line: the others may be secrets. */
export function programOf(command: string): string {
  const [, quoted, plain] = /^\s*(?:"([^"]+)"|(\S+))/.exec(command) ?? [];
  return (quoted ?? plain ?? '').replace(/^.*[\\/]/, '');
}

function endOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  if ('killed' in error && error.killed === true) return `did not end within ${LONGEST_RUN / 1000} seconds`;
  if ('code' in error && typeof error.code === 'number') {
    return error.code === 127 ? 'was not found' : `ended with the code ${error.code}`;
  }
  return 'failed';
}

function failed(profile: string, end: string, cause?: unknown): AppFailure {
  return new AppFailure(
    'credentials-missing',
    `The program that credential_process of the profile "${profile}" names ${end}. Run it in a terminal to see why, then try again.`,
    { cause, retryable: true },
  );
}
