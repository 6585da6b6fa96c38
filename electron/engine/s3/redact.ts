import type { Credentials } from './s3-client.ts';

/** Where a signed request, its presigned address or a header of it carries what must not be shown. */
const SECRET_PARTS = [
  /(\bx-amz-(?:signature|security-token)(?:=|:|%3D)\s*)[^&\s<,;]+/gi,
  /(\bsignature=)[0-9a-z%+/=]+/gi,
  /(\b(?:proxy-)?authorization:\s*)[^\r\n<]+/gi,
];

/**
 * Takes secrets out of what a server said: some repeat the request that they refuse in their answer, headers and all.
 * Works on text that is shown, logged or passed on.
 */
export function redact(text: string, { secretAccessKey, sessionToken }: Credentials): string {
  const secrets = [secretAccessKey, sessionToken ?? ''].filter((secret) => secret !== '');
  const withoutParts = SECRET_PARTS.reduce((rest, part) => rest.replace(part, '$1…'), text);
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '…'), withoutParts);
}
