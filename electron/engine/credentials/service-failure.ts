import { AppFailure, type ErrorCode } from '../../../shared/result.ts';

export interface FailedUse {
  /** A sentence without its end, such as `The profile base may not take the role X`. */
  readonly what: string;
  readonly profile: string | null;
  /** What to do, where that is known better than from the error. */
  readonly remedy?: string;
}

/** An error of Amazon's SDK, or of the way to its service, as a failure for people. Its words hold no secrets. */
export function serviceFailure(error: unknown, { what, profile, remedy: known }: FailedUse): AppFailure {
  if (error instanceof AppFailure) return error;
  const name = error instanceof Error ? error.name : '';
  if (name === 'AbortError') return new AppFailure('aborted', 'Stopped.', { cause: error });
  const message = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
  const [code, remedy, retryable] = explain(name, error);
  const status = statusOf(error);
  return new AppFailure(code, `${what}: ${withoutStop(message)}. ${known ?? remedy}`, {
    retryable,
    cause: error,
    detail: {
      ...(status === undefined ? {} : { status, s3Code: name }),
      ...(profile === null ? {} : { profile }),
    },
  });
}

type Explanation = readonly [code: ErrorCode, remedy: string, retryable: boolean];

function explain(name: string, error: unknown): Explanation {
  switch (name) {
    case 'AccessDenied':
    case 'AccessDeniedException':
    case 'ForbiddenException':
      return ['access-denied', 'Ask who manages these permissions, or correct the profile.', false];
    case 'InvalidClientTokenId':
      return ['unknown-access-key', 'Correct the keys of the profile.', false];
    case 'SignatureDoesNotMatch':
      return ['signature-mismatch', 'Correct the secret key of the profile.', false];
    case 'ExpiredToken':
    case 'ExpiredTokenException':
    case 'RequestExpired':
    case 'ExpiredTokenIdentityException':
      return ['token-expired', 'Renew the credentials where they come from, then try again.', false];
    case 'InvalidRequestException':
    case 'ValidationError':
    case 'ResourceNotFoundException':
    case 'InvalidIdentityToken':
    case 'InvalidIdentityTokenException':
    case 'MalformedPolicyDocument':
      return ['credentials-missing', 'Correct the profile, then try again.', false];
    default: {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
        return ['host-not-found', 'Check the region and the network.', true];
      if (code === 'ECONNREFUSED') return ['connection-refused', 'Check the endpoint and the network.', true];
      if (/timeout|timed ?out/i.test(`${name} ${String(code)}`)) return ['timed-out', 'Try again.', true];
      return (statusOf(error) ?? 500) >= 500
        ? ['server-error', 'Try again.', true]
        : ['credentials-missing', 'Correct the profile, then try again.', false];
    }
  }
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

function withoutStop(sentence: string): string {
  return sentence.replace(/[.\s]+$/, '');
}
