import { NOT_KEPT, type RequestEntry } from '../../shared/request-log.ts';
import { headerLines } from './header-lines.ts';

/** Of an empty body. S3 wants a hash in each request, and curl 7.88 sends none by itself. */
const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** In place of the body, which the log does not keep. */
export const BODY_FILE = 'body';

/**
 * The request as a line for a POSIX shell. The keys stand as AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, where they
 * were temporary, AWS_SESSION_TOKEN: the line itself holds no secret. Needs curl 7.75 or newer.
 */
export function curlCommand(entry: RequestEntry): string {
  const { method, origin, path, region, bytesUp } = entry;
  // `..` and `//` in a key are part of it, and braces are no patterns of curl's.
  const words = ['curl', '--path-as-is', '--globoff'];
  if (method === 'HEAD') words.push('--head');
  else if (method !== 'GET') words.push('--request', method);
  words.push('--aws-sigv4', quoted(`aws:amz:${region}:s3`));
  words.push('--user', '"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"');
  for (const [name, value] of headerLines(entry.sentHeaders)) {
    words.push('--header', value === NOT_KEPT ? `"${name}: $AWS_SESSION_TOKEN"` : quoted(`${name}: ${value}`));
  }
  words.push('--header', quoted(`x-amz-content-sha256: ${bytesUp > 0 ? 'UNSIGNED-PAYLOAD' : EMPTY_SHA256}`));
  if (bytesUp > 0) words.push('--upload-file', quoted(BODY_FILE));
  words.push(quoted(`${origin}${path}`));
  return words.join(' ');
}

/** A word of a POSIX shell: nothing inside single quotes means anything but the quote itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
