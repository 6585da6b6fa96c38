import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import * as tls from 'node:tls';
import { certificatesIn, isPemText, LONGEST_CERTIFICATES } from '../../../shared/certificate-text.ts';
import { AppFailure } from '../../../shared/result.ts';

/**
 * PEM text of what a connection trusts: the text itself, or that of the file that it names. Throws `invalid-arguments`
 * for a file that cannot be read, and for what is no certificate.
 */
export async function readCertificates(authority: string, connection: string): Promise<string> {
  const isText = isPemText(authority);
  const place = isText ? 'that was given' : `in ${authority}`;
  let text = authority;
  if (!isText) {
    try {
      // A device, or a file of another kind, may have no end.
      const facts = await stat(authority);
      if (!facts.isFile() || facts.size > LONGEST_CERTIFICATES) throw unusable(connection, place, 'is no PEM file');
      text = await readFile(authority, 'utf8');
    } catch (cause) {
      throw cause instanceof AppFailure ? cause : unusable(connection, place, 'cannot be read', cause);
    }
  }
  const certificates = certificatesIn(text);
  try {
    for (const one of certificates) void new X509Certificate(one);
  } catch (cause) {
    throw unusable(connection, place, 'is damaged', cause);
  }
  if (certificates.length === 0) throw unusable(connection, place, 'is none in PEM form');
  // A private key may stand beside them, and is not to be kept with a connection.
  return certificates.join('\n');
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

type CertificateStore = 'default' | 'system';

/** Node tells them from 22.15 on; one before trusts its own list and NODE_EXTRA_CA_CERTS alone. */
const node: {
  readonly rootCertificates: readonly string[];
  readonly getCACertificates?: (store: CertificateStore) => readonly string[];
} = tls;

/** Node's own, those of NODE_EXTRA_CA_CERTS, and what this computer trusts. */
function usualCertificates(): readonly string[] {
  if (node.getCACertificates === undefined) return node.rootCertificates;
  return [...new Set([...node.getCACertificates('default'), ...node.getCACertificates('system')])];
}

let systemTrust: tls.SecureContext | null = null;

/**
 * Trusts what this computer trusts besides what Node does by itself; undefined where this Node cannot tell what that is.
 * Read once a process, by who first needs it: that takes tens of milliseconds.
 */
export function trustOfSystem(): tls.SecureContext | undefined {
  if (node.getCACertificates === undefined || node.getCACertificates('system').length === 0) return undefined;
  systemTrust ??= tls.createSecureContext({ ca: [...usualCertificates()] });
  return systemTrust;
}
