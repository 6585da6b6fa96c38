import type { ErrorCode } from '../../../shared/result.ts';
import type { S3Server } from '../support/contract.ts';
import type { Said } from './read-page.ts';
import { PLANTED, type Servers } from './servers.ts';

/** What stands in the way of what, and what each shell says of it. Addresses are named: see `named` in the test. */
export interface Fault {
  readonly name: string;
  readonly code: ErrorCode;
  /** What the connection is given in place of what is right. */
  readonly wrong: (servers: Servers) => Partial<S3Server>;
  readonly bucket?: string;
  /** Default: none. */
  readonly sessionToken?: string;
  /** Default: list. */
  readonly act?: 'list' | 'read' | 'create' | 'save';
  readonly page: Said;
  /** The sentence on standard error, and the message with --json. */
  readonly command: string;
}

export const FAULTS: readonly Fault[] = [
  {
    name: 'an access key that the server does not know',
    code: 'unknown-access-key',
    wrong: () => ({ accessKeyId: 'nobodys-key' }),
    page: {
      title: 'Archive does not know the access key',
      message:
        'SANDBOX does not know the access key of connection "Archive". Correct it in the settings of the connection, or the endpoint: a key of one server means nothing to another.',
      remedies: [
        'Check the access key and the endpoint: keys of one server mean nothing to another. [Edit the connection]',
        'Try again if the key was made a moment ago. [Try again]',
      ],
    },
    command:
      'SANDBOX does not know the access key of this connection. Correct it in AWS_ACCESS_KEY_ID, or the endpoint: a key of one server means nothing to another.',
  },
  {
    name: 'a secret key that is another',
    code: 'signature-mismatch',
    wrong: () => ({ secretAccessKey: 'planted/other+secret' }),
    page: {
      title: 'Archive refuses the secret key',
      message:
        'SANDBOX refuses the signature of connection "Archive": it knows the access key, so the secret key is another. Correct it in the settings of the connection.',
      remedies: [
        'Enter the secret again: the access key exists, so its secret is wrong or was replaced. [Edit the connection]',
        'Try again after the secret was changed where it is kept. [Try again]',
      ],
    },
    command:
      'SANDBOX refuses the signature of this connection: it knows the access key, so the secret key is another. Correct it in AWS_SECRET_ACCESS_KEY.',
  },
  {
    name: 'a region that the server names, and refuses as well',
    code: 'wrong-region',
    wrong: ({ gate }) => ({ endpoint: gate, region: 'us-east-2' }),
    bucket: 'moved',
    page: {
      title: 'The bucket is in another region than Archive asks',
      message:
        'Bucket "moved" is in region eu-west-1, but connection "Archive" says us-east-2. Set the region of the connection to eu-west-1.',
      remedies: [
        'Take the region of the bucket, which the server names, for this connection. [Use eu-west-1]',
        'Change the region of this connection to that of the bucket. [Edit the connection]',
      ],
    },
    command: 'Bucket "moved" is in region eu-west-1, but this connection says us-east-2. Add --region eu-west-1.',
  },
  {
    name: 'a region that the server does not name',
    code: 'wrong-region',
    wrong: ({ gate }) => ({ endpoint: gate }),
    bucket: 'elsewhere',
    page: {
      title: 'The bucket is in another region than Archive asks',
      message:
        'Bucket "elsewhere" is in another region than eu-west-1, and the server does not say which. Find its region (aws s3api get-bucket-location --bucket elsewhere tells it), then enter it in the settings of the connection.',
      remedies: ['Change the region of this connection to that of the bucket. [Edit the connection]'],
    },
    command:
      'Bucket "elsewhere" is in another region than eu-west-1, and the server does not say which. Find its region (aws s3api get-bucket-location --bucket elsewhere tells it), then give it with --region.',
  },
  {
    name: 'a time that is refused after it was corrected',
    code: 'clock-skewed',
    wrong: ({ gate }) => ({ endpoint: gate }),
    bucket: 'skewed',
    page: {
      title: 'The clocks of this machine and Archive differ too much',
      message:
        'GATE refuses the time of the request, also when it is signed by the clock of the server: this computer says TIME, the server says TIME, and they may differ by 15 minutes. Set the clock of this computer (on Linux: timedatectl set-ntp true), or have that of the server set.',
      remedies: [
        'Set the clock of this computer in its system settings, or with timedatectl set-ntp true on Linux.',
        'Try again once the clocks differ by less than 15 minutes. [Try again]',
      ],
    },
    command:
      'GATE refuses the time of the request, also when it is signed by the clock of the server: this computer says TIME, the server says TIME, and they may differ by 15 minutes. Set the clock of this computer (on Linux: timedatectl set-ntp true), or have that of the server set.',
  },
  {
    name: 'a session token that has expired',
    code: 'token-expired',
    wrong: ({ gate }) => ({ endpoint: gate }),
    bucket: 'expired',
    sessionToken: PLANTED.sessionToken,
    page: {
      title: 'The session for Archive has ended',
      message:
        'The session token of connection "Archive" has expired. Sign in again where the keys come from, then enter the new keys in the settings of the connection.',
      remedies: [
        'Enter new temporary keys with their session token. [Edit the connection]',
        'Try again after signing in again where the keys come from. [Try again]',
      ],
    },
    command:
      'The session token of this connection has expired. Sign in again where the keys come from, then set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN to the new keys.',
  },
  {
    name: 'a server that repeats the secrets it was sent',
    code: 'server-error',
    wrong: ({ gate }) => ({ endpoint: gate }),
    bucket: 'echo',
    sessionToken: PLANTED.sessionToken,
    page: {
      title: 'Archive answered with an error',
      message: 'GATE refuses listing bucket "echo" (400). The server says: Refused: Authorization: ….',
      remedies: ['Try again; if it goes on, its operator can look up the request under Details. [Try again]'],
    },
    command: 'GATE refuses listing bucket "echo" (400). The server says: Refused: Authorization: ….',
  },
  {
    name: 'a bucket that is not there',
    code: 'no-such-bucket',
    wrong: () => ({}),
    bucket: 'not-there',
    page: {
      title: 'There is no such bucket on Archive',
      message:
        'There is no bucket "not-there" on connection "Archive". Check its name, and that this is the server that has it.',
      remedies: [
        'Choose another bucket of this connection. [Edit the collection]',
        'Try again if the bucket was made a moment ago. [Try again]',
        'Check the endpoint of the connection: the bucket may be on another server. [Edit the connection]',
      ],
    },
    command: 'There is no bucket "not-there" on SANDBOX. Check its name, and that this is the server that has it.',
  },
  {
    name: 'a bucket that may not be listed',
    code: 'access-denied',
    wrong: ({ gate }) => ({ endpoint: gate }),
    bucket: 'deny-list',
    page: {
      title: 'Archive does not allow this',
      message:
        'The access key of connection "Archive" may not do this: listing bucket "deny-list". Ask for the permission s3:ListBucket on arn:aws:s3:::deny-list.',
      remedies: [
        'Ask for the permission that is named above, from who manages the bucket or these keys.',
        'Try again once the policy allows it. [Try again]',
        'Use other keys that may do it. [Edit the connection]',
      ],
    },
    command:
      'The access key of this connection may not do this: listing bucket "deny-list". Ask for the permission s3:ListBucket on arn:aws:s3:::deny-list.',
  },
  {
    name: 'an object that may not be read',
    code: 'access-denied',
    wrong: ({ gate }) => ({ endpoint: gate }),
    bucket: 'deny-get',
    act: 'read',
    page: {
      title: 'Archive does not allow this',
      message:
        'The access key of connection "Archive" may not do this: reading object "all/one.json" in bucket "deny-get". Ask for the permission s3:GetObject on arn:aws:s3:::deny-get/*.',
      remedies: ['[Try again]', '[Edit connection]', '[Show in the request log]', '[Copy details]'],
    },
    command:
      'The access key of this connection may not do this: reading object "all/one.json" in bucket "deny-get". Ask for the permission s3:GetObject on arn:aws:s3:::deny-get/*.',
  },
  {
    name: 'an object that may not be written',
    code: 'access-denied',
    wrong: ({ gate }) => ({ endpoint: gate }),
    bucket: 'deny-put',
    act: 'create',
    page: {
      title: 'Archive does not allow this',
      message:
        'The access key of connection "Archive" may not do this: writing object "all/two.json" in bucket "deny-put". Ask for the permission s3:PutObject on arn:aws:s3:::deny-put/*.',
      remedies: [],
    },
    command:
      'The access key of this connection may not do this: writing object "all/two.json" in bucket "deny-put". Ask for the permission s3:PutObject on arn:aws:s3:::deny-put/*.',
  },
  {
    name: 'tags that may not be read',
    code: 'tagging-denied',
    wrong: ({ gate }) => ({ endpoint: gate }),
    bucket: 'deny-tags',
    act: 'save',
    page: {
      title: 'Archive does not allow the tags to be read or written',
      message:
        'The access key of connection "Archive" may not read the tags of object "all/one.json" in bucket "deny-tags". Saving would erase those that it has. Save without tags (on the command line with --without-tags), or ask for the permission s3:GetObjectTagging. Your edits are kept.',
      remedies: ['[Save without tags]', '[Try again]', '[Show in the request log]', '[Hide this]'],
    },
    command:
      'The access key of this connection may not read the tags of object "all/one.json" in bucket "deny-tags". Saving would erase those that it has. Save without tags (on the command line with --without-tags), or ask for the permission s3:GetObjectTagging.',
  },
  {
    name: 'a certificate that nobody vouches for',
    code: 'certificate-refused',
    wrong: ({ secure }) => ({ endpoint: secure }),
    page: {
      title: 'The certificate of Archive is not trusted',
      message:
        'The certificate of SECURE (connection "Archive") is signed by itself and not trusted by this computer. Correct the endpoint or the server\'s certificate; to trust an authority of your own, name its certificate in the settings of the connection.',
      remedies: [
        'Check the endpoint: its name must be the one in the certificate. [Edit the connection]',
        'Try again after the certificate of the server was renewed. [Try again]',
        'Trust an authority of your own by naming the file of its certificate in the settings of the connection, under Advanced.',
      ],
    },
    command:
      "The certificate of SECURE is signed by itself and not trusted by this computer. Correct the endpoint or the server's certificate; to trust an authority of your own, start Dipper as NODE_EXTRA_CA_CERTS=FILE dipper serve.",
  },
  {
    name: 'a host without an address',
    code: 'host-not-found',
    wrong: () => ({ endpoint: 'http://nobody.invalid:9000' }),
    page: {
      title: 'The host of Archive has no address',
      message:
        'The name in http://nobody.invalid:9000 (connection "Archive") has no address. Check the endpoint for a typing mistake, and that this computer is on its network or VPN.',
      remedies: [
        'Check the host name of the endpoint for a typing mistake. [Edit the connection]',
        'Try again once this machine is on its network or VPN. [Try again]',
      ],
    },
    command:
      'The name in http://nobody.invalid:9000 has no address. Check the endpoint for a typing mistake, and that this computer is on its network or VPN.',
  },
  {
    name: 'a port where nobody listens',
    code: 'connection-refused',
    wrong: ({ closed }) => ({ endpoint: closed }),
    page: {
      title: 'Nobody listens where Archive should be',
      message:
        'Nothing is listening at CLOSED (connection "Archive"). Start the server, or correct the endpoint of the connection.',
      remedies: [
        'Try again after the server was started. [Try again]',
        'Check host and port of the endpoint. [Edit the connection]',
      ],
    },
    command: 'Nothing is listening at CLOSED. Start the server, or correct the endpoint of the connection.',
  },
  {
    name: 'a server that does not answer',
    code: 'timed-out',
    wrong: ({ silent }) => ({ endpoint: silent }),
    page: {
      title: 'Archive did not answer in time',
      message:
        'SILENT (connection "Archive") stopped answering during: listing bucket "records". Try again; for a slow server start Dipper with DIPPER_TIMEOUT=60 (seconds).',
      remedies: [
        'Try again; nothing was lost. [Try again]',
        'Check the endpoint if it never answers. [Edit the connection]',
      ],
    },
    command:
      'SILENT stopped answering during: listing bucket "records". Try again; for a slow server start Dipper with DIPPER_TIMEOUT=60 (seconds).',
  },
  {
    name: 'a proxy that nobody runs',
    code: 'proxy-unreachable',
    wrong: () => ({ endpoint: 'https://records.invalid' }),
    page: {
      title: 'The proxy on the way to Archive cannot be reached',
      message:
        'https://records.invalid is reached through the proxy GONE, which HTTPS_PROXY names, and nothing is listening there. To reach the server without it, add records.invalid to NO_PROXY; to use another one, change HTTPS_PROXY; then start Dipper again.',
      remedies: [
        'Try again after the proxy was started, or this computer is on its network. [Try again]',
        'Start Dipper with another proxy in HTTP_PROXY or HTTPS_PROXY, or with the host of the endpoint in NO_PROXY.',
      ],
    },
    command:
      'https://records.invalid is reached through the proxy GONE, which HTTPS_PROXY names, and nothing is listening there. To reach the server without it, add records.invalid to NO_PROXY; to use another one, change HTTPS_PROXY; then start Dipper again.',
  },
  {
    name: 'a proxy that refuses the login',
    code: 'proxy-refused',
    wrong: () => ({ endpoint: 'http://records.invalid:9000' }),
    page: {
      title: 'The proxy on the way to Archive does not let this through',
      message:
        'The proxy PROXY (HTTP_PROXY) refuses the user name and password that HTTP_PROXY holds. Correct them there, and start Dipper again.',
      remedies: [
        'Start Dipper anew with what the proxy asks for in HTTP_PROXY or HTTPS_PROXY, or with NO_PROXY.',
        'Try again once the proxy allows the endpoint. [Try again]',
      ],
    },
    command:
      'The proxy PROXY (HTTP_PROXY) refuses the user name and password that HTTP_PROXY holds. Correct them there, and start Dipper again.',
  },
];
