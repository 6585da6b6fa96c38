import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as tls from 'node:tls';
import { AppFailure } from '../../../shared/result.ts';

/**
 * PEM text of what a connection trusts: the text itself, or that of the file that it names. Throws `invalid-arguments`
 * for a file that cannot be read, and for what is no certificate.
 */
export async function readCertificates(authority: string, connection: string): Promise<string> {
  const isText = authority.includes('-----BEGIN');
  const place = isText ? 'that was given' : `in ${authority}`;
  let text = authority;
  if (!isText) {
    try {
      text = await readFile(authority, 'utf8');
    } catch (cause) {
      throw unusable(connection, place, 'cannot be read', cause);
    }
  }
  try {
    for (const one of certificatesIn(text)) void new X509Certificate(one);
  } catch (cause) {
    throw unusable(connection, place, 'is damaged', cause);
  }
  if (certificatesIn(text).length === 0) throw unusable(connection, place, 'is none in PEM form');
  return text;
}

function certificatesIn(text: string): readonly string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
}

function unusable(connection: string, place: string, what: string, cause?: unknown): AppFailure {
  return new AppFailure(
    'invalid-arguments',
    `The certificate of an authority ${place}, which the connection ${connection} trusts, ${what}. Correct it in the settings of the connection.`,
    cause === undefined ? {} : { cause },
  );
}

/** Trusts these besides the usual ones. Made once a client: to read all of the usual ones again for each socket takes long. */
export function trusting(certificates: string): tls.SecureContext {
  return tls.createSecureContext({ ca: [...usualCertificates(), certificates] });
}

/** With those of NODE_EXTRA_CA_CERTS where this Node can tell them. */
function usualCertificates(): readonly string[] {
  const node: { rootCertificates: readonly string[]; getCACertificates?: () => readonly string[] } = tls;
  return node.getCACertificates?.() ?? node.rootCertificates;
}
