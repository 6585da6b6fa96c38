import type { AppError, ErrorCode } from '../../shared/result.ts';

/** What a remedy does. The page gives what it can do for each; a remedy without one is words alone. */
export type FailureAction =
  | 'try-again'
  | 'sign-in'
  | 'edit-connection'
  /** Only where the server names the region. */
  | 'use-region'
  /** Only where one is looked for. */
  | 'start-localstack'
  | 'edit-collection'
  | 'edit-query'
  | 'edit-record'
  | 'open-newer'
  | 'save-without-tags'
  | 'reload'
  /** Nothing that a page can do. */
  | 'elsewhere';

export interface RemedyText {
  readonly action: FailureAction;
  /** What to do, in medium weight at the start of the line. */
  readonly strong: string;
  /** The rest of the sentence. */
  readonly rest: string;
}

export interface FailureText {
  /** Names the cause; `{place}` is the connection's name, or "The server". */
  readonly title: string;
  /** Best first. */
  readonly remedies: readonly RemedyText[];
}

const remedy = (action: FailureAction, strong: string, rest: string): RemedyText => ({ action, strong, rest });
const elsewhere = (strong: string, rest: string) => remedy('elsewhere', strong, rest);
const again = (rest: string) => remedy('try-again', 'Try again', rest);

/** A title and remedies for each code: no two titles alike, so that a cause is told by its title. */
export const FAILURE_TEXTS: Readonly<Record<ErrorCode, FailureText>> = {
  aborted: { title: 'Stopped', remedies: [again('where it was stopped by mistake.')] },
  'invalid-arguments': {
    title: 'Something in this request is not as it must be',
    remedies: [remedy('reload', 'Reload the page', 'so that it and Dipper are of one version.')],
  },
  'invalid-query': {
    title: 'This query cannot be run',
    remedies: [remedy('edit-query', 'Change the condition', 'that the message names, then run again.')],
  },
  'pattern-refused': {
    title: 'This pattern cannot be searched for',
    remedies: [remedy('edit-query', 'Write the pattern another way', 'or use “like” or “starts with”.')],
  },
  'ask-first': {
    title: 'This would cost more than the budget of {place} allows unasked',
    remedies: [again('to see what it takes, and to say whether it may.')],
  },
  'invalid-record': {
    title: 'This is not a record that can be saved',
    remedies: [remedy('edit-record', 'Mend the record', 'at the place that the message names.')],
  },
  'invalid-key': {
    title: 'S3 cannot hold an object under this key',
    remedies: [remedy('edit-record', 'Choose another id', 'that is shorter or has none of the characters named.')],
  },
  'read-only': {
    title: '{place} is read-only',
    remedies: [remedy('edit-connection', 'Allow writing', 'in the settings of the connection.')],
  },
  'connection-not-found': {
    title: 'This connection is not there any more',
    remedies: [remedy('edit-connection', 'Add the connection again', 'with its endpoint and keys.')],
  },
  'collection-not-found': {
    title: 'This collection is not there any more',
    remedies: [remedy('edit-collection', 'Open the collection again', 'from its bucket and prefix.')],
  },
  'result-closed': {
    title: 'This result is no longer held',
    remedies: [again('to run the query on the records as they are now.')],
  },
  'job-not-found': {
    title: 'This job is not kept any more',
    remedies: [elsewhere('Start it again', 'from the records that it was for.')],
  },
  'credentials-missing': {
    title: '{place} has no credentials',
    remedies: [
      remedy('edit-connection', 'Enter the keys', 'of this connection, or have it read the AWS_ variables.'),
      again('after setting AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY and starting Dipper anew.'),
    ],
  },
  'sign-in-needed': {
    title: '{place} needs somebody to sign in',
    remedies: [
      remedy(
        'sign-in',
        'Sign in',
        'in the browser or with a code, as the message says; what was interrupted goes on then.',
      ),
      remedy('edit-connection', 'Use another profile', 'or keys of its own.'),
      again('after signing in with Amazon’s command line: sessions are shared with it.'),
    ],
  },
  'unknown-access-key': {
    title: '{place} does not know the access key',
    remedies: [
      remedy(
        'edit-connection',
        'Check the access key',
        'and the endpoint: keys of one server mean nothing to another.',
      ),
      again('if the key was made a moment ago.'),
    ],
  },
  'signature-mismatch': {
    title: '{place} refuses the secret key',
    remedies: [
      remedy(
        'edit-connection',
        'Enter the secret again',
        ': the access key exists, so its secret is wrong or was replaced.',
      ),
      again('after the secret was changed where it is kept.'),
    ],
  },
  'clock-skewed': {
    title: 'The clocks of this machine and {place} differ too much',
    remedies: [
      elsewhere('Set the clock of this computer', 'in its system settings, or with timedatectl set-ntp true on Linux.'),
      again('once the clocks differ by less than 15 minutes.'),
    ],
  },
  'token-expired': {
    title: 'The session for {place} has ended',
    remedies: [
      remedy('edit-connection', 'Enter new temporary keys', 'with their session token.'),
      again('after signing in again where the keys come from.'),
    ],
  },
  'access-denied': {
    title: '{place} does not allow this',
    remedies: [
      elsewhere('Ask for the permission', 'that is named above, from who manages the bucket or these keys.'),
      again('once the policy allows it.'),
      remedy('edit-connection', 'Use other keys', 'that may do it.'),
    ],
  },
  'tagging-denied': {
    title: '{place} does not allow the tags to be read or written',
    remedies: [
      remedy('save-without-tags', 'Save without tags', ': the record itself can be written.'),
      again('after s3:GetObjectTagging and s3:PutObjectTagging were allowed to these keys.'),
    ],
  },
  'no-such-bucket': {
    title: 'There is no such bucket on {place}',
    remedies: [
      remedy('edit-collection', 'Choose another bucket', 'of this connection.'),
      again('if the bucket was made a moment ago.'),
      remedy('edit-connection', 'Check the endpoint', 'of the connection: the bucket may be on another server.'),
    ],
  },
  'wrong-region': {
    title: 'The bucket is in another region than {place} asks',
    remedies: [
      remedy('use-region', 'Take the region of the bucket', ', which the server names, for this connection.'),
      remedy('edit-connection', 'Change the region', 'of this connection to that of the bucket.'),
    ],
  },
  'record-not-found': {
    title: 'This record is not there any more',
    remedies: [again('to see whether it has come back.')],
  },
  'record-exists': {
    title: 'A record with this id is there already',
    remedies: [remedy('edit-record', 'Choose another id', ', or open the record that is there.')],
  },
  'record-changed': {
    title: 'Somebody else changed this record',
    remedies: [remedy('open-newer', 'Show the newer record', 'with your edits on top, then save again.')],
  },
  'record-unreadable': {
    title: 'This object cannot be read as a record',
    remedies: [remedy('edit-record', 'Mend its text', 'in the JSON tab.')],
  },
  'record-too-large': {
    title: 'This object is too large to open',
    remedies: [
      elsewhere('Download it', 'as a file: the menu Record does it for a record of any size.'),
      remedy('edit-collection', 'Raise the size cap', 'of the collection.'),
    ],
  },
  'record-archived': {
    title: 'This record is archived and must be restored first',
    remedies: [again('after it was restored to a class that can be read.')],
  },
  'unsupported-by-server': {
    title: '{place} cannot do this',
    remedies: [remedy('edit-connection', 'Use another server', 'for what needs it.')],
  },
  throttled: {
    title: '{place} asks to slow down',
    remedies: [again('in a moment; Dipper already sends fewer requests at once.')],
  },
  'server-error': {
    title: '{place} answered with an error',
    remedies: [again('; if it goes on, its operator can look up the request under Details.')],
  },
  'not-s3': {
    title: 'What answers there is not S3',
    remedies: [
      remedy('edit-connection', 'Check the endpoint', ': a console or a website often has another port than S3.'),
    ],
  },
  'connection-refused': {
    title: 'Nobody listens where {place} should be',
    remedies: [
      remedy('start-localstack', 'Start a LocalStack', ', by the command of this machine or by hand.'),
      again('after the server was started.'),
      remedy('edit-connection', 'Check host and port', 'of the endpoint.'),
    ],
  },
  'host-not-found': {
    title: 'The host of {place} has no address',
    remedies: [
      remedy('edit-connection', 'Check the host name', 'of the endpoint for a typing mistake.'),
      again('once this machine is on its network or VPN.'),
    ],
  },
  'timed-out': {
    title: '{place} did not answer in time',
    remedies: [again('; nothing was lost.'), remedy('edit-connection', 'Check the endpoint', 'if it never answers.')],
  },
  'connection-lost': {
    title: 'The line to {place} broke',
    remedies: [again(': what was under way is checked before it is sent again.')],
  },
  'certificate-refused': {
    title: 'The certificate of {place} is not trusted',
    remedies: [
      remedy('edit-connection', 'Check the endpoint', ': its name must be the one in the certificate.'),
      again('after the certificate of the server was renewed.'),
      elsewhere(
        'Trust an authority of your own',
        'by naming the file of its certificate in the settings of the connection, under Advanced.',
      ),
    ],
  },
  'proxy-unreachable': {
    title: 'The proxy on the way to {place} cannot be reached',
    remedies: [
      again('after the proxy was started, or this computer is on its network.'),
      elsewhere(
        'Start Dipper with another proxy',
        'in HTTP_PROXY or HTTPS_PROXY, or with the host of the endpoint in NO_PROXY.',
      ),
    ],
  },
  'proxy-refused': {
    title: 'The proxy on the way to {place} does not let this through',
    remedies: [
      elsewhere('Start Dipper anew', 'with what the proxy asks for in HTTP_PROXY or HTTPS_PROXY, or with NO_PROXY.'),
      again('once the proxy allows the endpoint.'),
    ],
  },
  'data-folder-in-use': {
    title: 'Another Dipper has this data folder',
    remedies: [
      again('after the other one was closed.'),
      elsewhere('Use another data folder', ': start Dipper as dipper --data-dir FOLDER.'),
    ],
  },
  'data-folder-newer': {
    title: 'The data folder was written by a newer Dipper',
    remedies: [
      elsewhere('Install the newest Dipper', 'and start that one.'),
      elsewhere('Use another data folder', ': start this one as dipper --data-dir FOLDER.'),
    ],
  },
  'data-folder-unusable': {
    title: 'The data folder cannot be used',
    remedies: [
      again('after the folder was made writable for you, as the message says.'),
      elsewhere('Use another data folder', ': start Dipper as dipper --data-dir FOLDER.'),
    ],
  },
  'disk-full': {
    title: 'The disk of the data folder is full',
    remedies: [
      again('after making room on it; nothing that was saved before is lost.'),
      elsewhere('Use a data folder on another disk', ': start Dipper as dipper --data-dir FOLDER.'),
    ],
  },
  'index-restarted': {
    title: 'The index stopped and was started anew',
    remedies: [again(': tabs and drafts are kept, the index is made again from S3 where needed.')],
  },
  'index-damaged': {
    title: 'The index of this collection is damaged',
    remedies: [again('to make it anew from S3: nothing else is kept in it.')],
  },
  'sandbox-unavailable': {
    title: 'The Sandbox does not run',
    remedies: [again('to start it.'), remedy('reload', 'Reload the page', 'if it stays so.')],
  },
  internal: {
    title: 'Dipper failed at this',
    remedies: [
      again('; if it happens again, a report with the details below helps.'),
      remedy('reload', 'Reload the page', ': drafts are kept.'),
    ],
  },
};

/** The title of a failure; `place` is the name of the connection. */
export function failureTitle(code: ErrorCode, place: string | null): string {
  const title = FAILURE_TEXTS[code].title.replace('{place}', place ?? 'the server');
  return title.charAt(0).toUpperCase() + title.slice(1);
}

/** Facts of a failure as pairs for the Details list; nothing in an AppError is secret. */
export function failureFacts(error: AppError): readonly (readonly [string, string])[] {
  const detail = error.detail ?? {};
  const answer = [detail.status, detail.s3Code].filter((part) => part !== undefined).join(' ');
  const place = [detail.bucket, detail.key].filter((part) => part !== undefined).join('/');
  const facts: readonly (readonly [string, string])[] = [
    ['error', error.code],
    ['answer', answer],
    ['operation', detail.operation ?? ''],
    ['object', place],
    ['server', detail.endpoint ?? ''],
    ['region', detail.region ?? ''],
    ['request', detail.requestId ?? ''],
    ['at', detail.path ?? (detail.line === undefined ? '' : `line ${detail.line}, column ${detail.column ?? 1}`)],
  ];
  return facts.filter(([, value]) => value !== '');
}
