import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

/** The built page, for both shells: app:// on the desktop, HTTP in the browser host. */
export interface PageFile {
  readonly status: 200 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * The page has no network beyond its own origin. Inline styles are the one concession: virtual rows and menus are placed
 * by style attributes.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.map': 'application/json',
};

/** `path` is a URL's path, still percent-encoded. Nothing outside of `folder` is ever read, also not through a link. */
export async function readPageFile(folder: string, path: string): Promise<PageFile> {
  const name = fileName(path);
  if (name === null) return notFound();
  try {
    const root = await realpath(folder);
    const file = await realpath(join(root, name));
    if (!file.startsWith(root + sep)) return notFound();
    const headers = {
      ...PAGE_HEADERS,
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      // Names of scripts and styles hold a hash of their content.
      'cache-control': name.startsWith('assets/') ? 'max-age=31536000, immutable' : 'no-cache',
    };
    return { status: 200, headers, body: await readFile(file) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && missing.has(String(error.code))) return notFound();
    throw error;
  }
}

const missing = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ELOOP']);

/** The name below the page's folder; null for whatever is no plain name. */
function fileName(path: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return null;
  }
  if (decoded === '/' || decoded === '') return 'index.html';
  const segments = decoded.replace(/^\//, '').split('/');
  const plain = segments.every((segment) => /^[A-Za-z0-9_@-][A-Za-z0-9._@-]*$/.test(segment));
  return plain ? segments.join('/') : null;
}

function notFound(): PageFile {
  return {
    status: 404,
    headers: { ...PAGE_HEADERS, 'content-type': 'text/plain; charset=utf-8' },
    body: Buffer.from('There is nothing at this address.\n'),
  };
}
