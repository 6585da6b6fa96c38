import { homedir } from 'node:os';

/** What a secret looks like wherever it stands: a last look at texts that nobody wrote with others' eyes in mind. */
const SECRET_FORMS: readonly (readonly [RegExp, string])[] = [
  // Access key ids of Amazon name an account; secrets beside them are 40 characters of Base64.
  [/\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b/g, '(access key)'],
  [
    /\b(authorization|x-amz-security-token|x-amz-signature|x-amz-credential|cookie)(["']?\s*[:=]\s*["']?)[^\s"'&,;<]+/gi,
    '$1$2…',
  ],
  [
    /\b(\w*(?:secret|password|passwd|session_?token|access_?token|api_?key|private_?key)\w*["']?\s*[:=]\s*["']?)[^\s"'&,;<]+/gi,
    '$1…',
  ],
  [/\b(bearer|basic)\s+[\w.+/=~-]{8,}/gi, '$1 …'],
  [/-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(?:-----END \1-----|$)/g, '(private key)'],
  // User name and password of an address.
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]+:[^\s/@]+@/gi, '$1…@'],
];

/** `secrets`: known ones, which are found whatever they look like. The home folder, which holds a name, becomes `~`. */
export function redactText(text: string, secrets: readonly string[], home: string = homedir()): string {
  const known = secrets.filter((secret) => secret.length >= 4);
  // A secret in JSON has its quotes and backslashes escaped.
  const spellings = [...known, ...known.map((secret) => JSON.stringify(secret).slice(1, -1))];
  const withoutKnown = spellings.reduce((rest, secret) => rest.replaceAll(secret, '…'), text);
  const withoutForms = SECRET_FORMS.reduce((rest, [form, put]) => rest.replace(form, put), withoutKnown);
  return home.length > 1 ? withoutForms.replaceAll(home, '~') : withoutForms;
}
