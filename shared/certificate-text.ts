/** Characters of the certificates that a connection keeps: all that a computer trusts are fewer. */
export const LONGEST_CERTIFICATES = 262_144;

/** The certificates in a text in PEM form, each as PEM. What is in them is not looked at. */
export function certificatesIn(text: string): readonly string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
}

/** Whether it is text in PEM form; what is not is the path of a file. */
export function isPemText(text: string): boolean {
  return text.includes('-----BEGIN');
}
