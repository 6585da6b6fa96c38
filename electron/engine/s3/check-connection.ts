import type { ConnectionCheck, ConnectionTest, TrialPlace } from '../../../shared/connection-check.ts';
import { AppFailure, type AppError } from '../../../shared/result.ts';
import { createCheckList, failed, limited, notRun, passed, type CheckList } from './check-list.ts';
import { checkWriting } from './check-writing.ts';
import type { S3Client } from './s3-client.ts';

export interface CheckOptions {
  /** Where to list, and to write what is deleted again; null where there is no such place. */
  readonly place: TrialPlace | null;
  readonly readOnly: boolean;
  /** Nothing is signed. */
  readonly anonymous: boolean;
  /** Hears of each check as it ends. */
  readonly tell: (checks: readonly ConnectionCheck[]) => void;
  readonly signal: AbortSignal;
}

/** Amazon takes a request whose time is off by less. */
const LARGEST_SKEW = 15 * 60_000;
const NOTED_SKEW = 5 * 60_000;

/** Of these the answer says that the signature was looked at, and is right. */
const SIGNED_WELL = new Set(['access-denied', 'unsupported-by-server']);

/**
 * Tries a connection out from the name of its server to the last thing that it can do, each in a check of its own. Rejects
 * where it is stopped (`aborted`); everything else is a verdict.
 */
export async function checkConnection(client: S3Client, options: CheckOptions): Promise<ConnectionTest> {
  const { place, signal } = options;
  const list = createCheckList(options.tell);
  const facts = { milliseconds: null as number | null, buckets: null as number | null };
  const end = (serverHeader: string | null): ConnectionTest => ({ checks: list.all(), place, ...facts, serverHeader });

  if (!(await checkWay(client, list, signal))) {
    list.rest('The server was not reached.');
    return end(null);
  }
  const greeting = await told(() => client.greet({ signal }));
  const { server = null, clockOffset = null } = greeting.answer ?? {};
  list.add(clockCheck(clockOffset));
  if (!(await checkSignature(client, list, facts, options))) {
    list.rest('The server does not take the signature of this connection.');
    return end(server);
  }
  if (place === null) {
    list.rest('There is no bucket to try it in.', 'Name a bucket, or open a collection of this connection first.');
    return end(server);
  }
  await checkPlace(client, list, place, options);
  return end(server);
}

async function checkWay(client: S3Client, list: CheckList, signal: AbortSignal): Promise<boolean> {
  const { answer, error } = await told(() => client.reach({ signal }));
  if (answer === null) {
    const { code } = error;
    if (code === 'connection-refused' || code === 'certificate-refused') {
      list.add(passed('dns', 'The endpoint leads to an address.'));
    }
    if (code === 'certificate-refused') list.add(passed('connection', 'The server takes connections.'));
    const check = code === 'host-not-found' ? 'dns' : code === 'certificate-refused' ? 'tls' : 'connection';
    list.add(failed(check, error));
    return false;
  }
  const { address, isName, proxy, tls } = answer;
  const at = address ?? 'an address';
  if (proxy === null) {
    list.add(passed('dns', isName ? `The name leads to ${at}.` : 'The endpoint is an address.'));
    list.add(passed('connection', `The server takes connections at ${at}.`));
  } else {
    list.add(notRun('dns', `The proxy ${proxy} looks the name up.`));
    list.add(passed('connection', `The proxy ${proxy} opens connections to the server.`));
  }
  if (tls === null) list.add(plainCheck(address));
  else {
    const until = tls.validUntil === null ? '' : `, certificate valid until ${dayOf(tls.validUntil)}`;
    list.add(passed('tls', `${tls.protocol}${until}.`));
  }
  return true;
}

function plainCheck(address: string | null): ConnectionCheck {
  if (address !== null && /^(127\.|::1$|::ffff:127\.)/.test(address)) {
    return passed('tls', 'The endpoint is http, and leads to this machine.');
  }
  return limited(
    'tls',
    'The endpoint is http: whoever is on the way can read records and keys of objects.',
    'Write the endpoint with https:// where the server has TLS.',
  );
}

function clockCheck(offset: number | null): ConnectionCheck {
  if (offset === null) return notRun('clock', 'The server does not say what time it is.');
  const off = Math.abs(offset);
  // A header says whole seconds.
  if (off < NOTED_SKEW) return passed('clock', `It is that of the server, to ${Math.ceil(off / 1000) + 1} s.`);
  const reason = `The clock of this computer is ${Math.round(off / 60_000)} minutes ${offset < 0 ? 'ahead' : 'behind'}${off < LARGEST_SKEW ? '; S3 takes 15' : ', and S3 takes 15: requests are signed by the clock of the server'}.`;
  return limited('clock', reason, 'Set the clock of this computer (on Linux: timedatectl set-ntp true).');
}

async function checkSignature(
  client: S3Client,
  list: CheckList,
  facts: { milliseconds: number | null; buckets: number | null },
  { anonymous, signal }: CheckOptions,
): Promise<boolean> {
  if (anonymous) {
    list.add(notRun('signature', 'The connection is anonymous: its requests are not signed.'));
    list.add(notRun('buckets', 'Who is anonymous lists no buckets; one is opened by its name.'));
    return true;
  }
  const started = performance.now();
  const { answer, error } = await told(() => client.listBuckets({ signal }));
  facts.milliseconds = Math.round(performance.now() - started);
  if (answer !== null) {
    facts.buckets = answer.length;
    list.add(passed('signature', 'The server knows the keys.'));
    list.add(passed('buckets', `These keys see ${answer.length === 1 ? '1 bucket' : `${answer.length} buckets`}.`));
    return true;
  }
  if (SIGNED_WELL.has(error.code)) {
    list.add(passed('signature', 'The server knows the keys.'));
    list.add(
      limited(
        'buckets',
        'These keys may not list buckets.',
        'Type the name of a bucket where one is asked for, or ask for the permission s3:ListAllMyBuckets.',
        error,
      ),
    );
    return true;
  }
  facts.milliseconds = null;
  if (error.code === 'clock-skewed') list.add(failed('clock', error));
  list.add(failed('signature', error));
  return false;
}

async function checkPlace(
  client: S3Client,
  list: CheckList,
  place: TrialPlace,
  { readOnly, signal }: CheckOptions,
): Promise<void> {
  const { bucket, prefix } = place;
  const where = prefix === '' ? `bucket "${bucket}"` : `"${bucket}/${prefix}"`;
  const [page, versioning] = await Promise.all([
    told(() => client.listObjectsV2(bucket, { prefix, maxKeys: 1, signal })),
    told(() => client.getBucketVersioning(bucket, { signal })),
  ]);
  if (page.answer === null) list.add(failed('list', page.error));
  else list.add(passed('list', `What is in ${where} is listed.`));
  if (page.error?.code === 'no-such-bucket') {
    list.rest(`There is no bucket "${bucket}".`);
    return;
  }
  list.add(versionsCheck(versioning));
  const first = page.answer?.objects[0] ?? null;
  if (first !== null) {
    const range = first.size > 0 ? { range: 'bytes=0-0' } : {};
    const { error } = await told(() => client.getObject(bucket, first.key, { ...range, signal }));
    if (error === null) list.add(passed('read', `"${first.key}" can be read.`));
    else if (error.code === 'record-archived') list.add(notRun('read', `"${first.key}" is archived.`));
    else list.add(failed('read', error));
  }
  if (readOnly) {
    list.rest('The connection is read-only: nothing is written.');
    if (first === null) list.add(notRun('read', `There is nothing in ${where} to read.`));
    return;
  }
  await checkWriting(client, list, place, { signal, withRead: first === null });
}

function versionsCheck({ answer, error }: Told<'off' | 'enabled' | 'suspended'>): ConnectionCheck {
  if (answer === null) {
    return error.code === 'unsupported-by-server'
      ? limited('versions', 'This server keeps no versions.', null, error)
      : limited(
          'versions',
          'These keys may not ask whether the bucket keeps versions; it is seen at the first write.',
          'Ask for the permission s3:GetBucketVersioning.',
          error,
        );
  }
  const words = {
    off: 'The bucket keeps no versions: what Dipper changes is undone from its own journal.',
    enabled: 'The bucket keeps versions: what is written over or deleted stays there.',
    suspended: 'The bucket keeps no new versions; older ones stay.',
  };
  return passed('versions', words[answer]);
}

type Told<T> = { readonly answer: T; readonly error: null } | { readonly answer: null; readonly error: AppError };

/** What was answered, or why it failed; being stopped is no answer. */
async function told<T>(ask: () => Promise<T>): Promise<Told<T>> {
  try {
    return { answer: await ask(), error: null };
  } catch (failure) {
    if (!(failure instanceof AppFailure) || failure.error.code === 'aborted') throw failure;
    return { answer: null, error: failure.error };
  }
}

function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
