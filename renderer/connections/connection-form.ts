import type { AwsProfile } from '../../shared/aws-profile.ts';
import type {
  AmazonEndpoint,
  Connection,
  ConnectionKind,
  ConnectionNetwork,
  CredentialSource,
  Environment,
} from '../../shared/connection.ts';
import { isPemText } from '../../shared/certificate-text.ts';
import { type KnownServerName, knownServer, regionOfEndpoint, serverOf } from '../../shared/known-servers.ts';
import type { TrialPlace } from '../../shared/connection-check.ts';
import type { Budget } from '../../shared/plan.ts';
import type { Secret } from '../../shared/contract.ts';

/** A connection as the dialog holds it: everything as typed. */
export interface ConnectionForm {
  readonly id: string;
  readonly kind: ConnectionKind;
  readonly name: string;
  readonly endpoint: string;
  readonly region: string;
  readonly pathStyle: boolean;
  readonly source: CredentialSource['source'];
  /** Name of a profile of Amazon's tools; empty for none yet. */
  readonly profile: string;
  readonly accessKeyId: string;
  /** Empty: what was kept before stays. */
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly environment: Environment;
  /** Empty: none. */
  readonly group: string;
  readonly readOnly: boolean;
  /** Digits, or empty for the engine's choice. */
  readonly maxWorkers: string;
  /** What a run may come to unasked: digits, or empty for any number. */
  readonly budgetRequests: string;
  /** Dollars, or empty for any amount. */
  readonly budgetDollars: string;
  readonly proxy: 'system' | 'none' | 'own';
  /** Of `own`. */
  readonly proxyAddress: string;
  /** Certificates as PEM text; empty for none. */
  readonly certificateAuthority: string;
  readonly unsignedBodies: boolean;
  readonly requesterPays: boolean;
  /** Of Amazon's own service. */
  readonly amazon: AmazonEndpoint;
  /** What the last test recognised. */
  readonly server: KnownServerName | null;
}

interface Preset {
  readonly name: string;
  readonly endpoint: string;
  readonly region: string;
  readonly pathStyle: boolean;
  readonly source: 'environment' | 'keys';
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly environment: Environment;
}

/** What is usual for a kind of server. LocalStack takes any keys and its documentation uses test and test. */
export const PRESETS: Readonly<Record<Exclude<ConnectionKind, 'sandbox'>, Preset>> = {
  aws: {
    name: 'AWS',
    endpoint: '',
    region: 'us-east-1',
    pathStyle: false,
    source: 'environment',
    accessKeyId: '',
    secretAccessKey: '',
    environment: 'test',
  },
  localstack: {
    name: 'LocalStack',
    endpoint: 'http://localhost:4566',
    region: 'us-east-1',
    pathStyle: true,
    source: 'keys',
    accessKeyId: 'test',
    secretAccessKey: 'test',
    environment: 'development',
  },
  minio: {
    name: 'MinIO',
    endpoint: 'http://localhost:9000',
    region: 'us-east-1',
    pathStyle: true,
    source: 'keys',
    accessKeyId: '',
    secretAccessKey: '',
    environment: 'development',
  },
  custom: {
    name: '',
    endpoint: 'https://',
    region: 'us-east-1',
    pathStyle: true,
    source: 'keys',
    accessKeyId: '',
    secretAccessKey: '',
    environment: 'test',
  },
};

export function newForm(id: string, kind: Exclude<ConnectionKind, 'sandbox'>): ConnectionForm {
  return {
    id,
    kind,
    sessionToken: '',
    profile: '',
    group: '',
    readOnly: false,
    maxWorkers: '',
    budgetRequests: '',
    budgetDollars: '',
    requesterPays: false,
    amazon: USUAL_ADDRESS,
    server: null,
    ...networkForm(USUAL_NETWORK),
    ...PRESETS[kind],
  };
}

const USUAL_ADDRESS: AmazonEndpoint = { accelerate: false, dualStack: false, fips: false };

function amazonOf({ kind, amazon }: ConnectionForm): { readonly amazon?: AmazonEndpoint } {
  const isUsual = !amazon.accelerate && !amazon.dualStack && !amazon.fips;
  return kind !== 'aws' || isUsual ? {} : { amazon };
}

const USUAL_NETWORK: ConnectionNetwork = { proxy: 'system', certificateAuthority: null, unsignedBodies: false };

type NetworkForm = Pick<ConnectionForm, 'proxy' | 'proxyAddress' | 'certificateAuthority' | 'unsignedBodies'>;

function networkForm({ proxy, certificateAuthority, unsignedBodies }: ConnectionNetwork): NetworkForm {
  const isOwn = proxy !== 'system' && proxy !== 'none';
  return {
    proxy: isOwn ? 'own' : proxy,
    proxyAddress: isOwn ? proxy : '',
    certificateAuthority: certificateAuthority ?? '',
    unsignedBodies,
  };
}

/** Nothing where all is as usual: an older Dipper reads the connection then. */
function networkOf(form: ConnectionForm): { readonly network?: ConnectionNetwork } {
  const proxy = form.proxy === 'own' ? form.proxyAddress.trim().replace(/\/+$/, '') : form.proxy;
  if (proxy === 'system' && form.certificateAuthority === '' && !form.unsignedBodies) return {};
  const certificateAuthority = form.certificateAuthority === '' ? null : form.certificateAuthority;
  return { network: { proxy, certificateAuthority, unsignedBodies: form.unsignedBodies } };
}

function budgetOf({ budgetRequests, budgetDollars }: ConnectionForm): { readonly budget?: Budget } {
  const requests = budgetRequests.trim() === '' ? null : Number(budgetRequests);
  const dollars = budgetDollars.trim() === '' ? null : Number(budgetDollars);
  return requests === null && dollars === null ? {} : { budget: { requests, dollars } };
}

/** Whether it says anything that most connections leave as it is. */
export function hasAdvanced(form: ConnectionForm): boolean {
  return (
    form.maxWorkers !== '' ||
    form.requesterPays ||
    amazonOf(form).amazon !== undefined ||
    budgetOf(form).budget !== undefined ||
    networkOf(form).network !== undefined
  );
}

/** Another kind: its usual values take the place of those that were not changed from the usual ones of the kind before. */
export function withKind(form: ConnectionForm, kind: Exclude<ConnectionKind, 'sandbox'>): ConnectionForm {
  if (form.kind === 'sandbox' || form.kind === kind) return form;
  const before = PRESETS[form.kind];
  const preset = PRESETS[kind];
  return {
    ...form,
    kind,
    name: replaced(form.name, before.name, preset.name),
    endpoint: replaced(form.endpoint, before.endpoint, preset.endpoint),
    region: replaced(form.region, before.region, preset.region),
    pathStyle: replaced(form.pathStyle, before.pathStyle, preset.pathStyle),
    source: replaced<ConnectionForm['source']>(form.source, before.source, preset.source),
    accessKeyId: replaced(form.accessKeyId, before.accessKeyId, preset.accessKeyId),
    secretAccessKey: replaced(form.secretAccessKey, before.secretAccessKey, preset.secretAccessKey),
    environment: replaced(form.environment, before.environment, preset.environment),
  };
}

function replaced<Value>(value: Value, usual: Value, next: Value): Value {
  return value === usual ? next : value;
}

export function formOf(connection: Connection): ConnectionForm {
  const { credentials } = connection;
  return {
    id: connection.id,
    kind: connection.kind,
    name: connection.name,
    endpoint: connection.endpoint ?? '',
    region: connection.region,
    pathStyle: connection.pathStyle,
    source: credentials.source,
    profile: credentials.source === 'profile' ? credentials.profile : '',
    accessKeyId: credentials.source === 'keys' ? credentials.accessKeyId : '',
    secretAccessKey: '',
    sessionToken: '',
    environment: connection.environment,
    group: connection.group ?? '',
    readOnly: connection.readOnly,
    maxWorkers: connection.maxWorkers === null ? '' : String(connection.maxWorkers),
    budgetRequests: numberText(connection.budget?.requests),
    budgetDollars: numberText(connection.budget?.dollars),
    requesterPays: connection.requesterPays ?? false,
    amazon: connection.amazon ?? USUAL_ADDRESS,
    server: connection.server ?? null,
    ...networkForm(connection.network ?? USUAL_NETWORK),
  };
}

function numberText(number: number | null | undefined): string {
  return number === null || number === undefined ? '' : String(number);
}

export type FormProblems = Readonly<Partial<Record<keyof ConnectionForm, string>>>;

/** What is missing or wrong, by field. `isNew`: nothing is kept yet, so that a secret must be typed. */
export function formProblems(form: ConnectionForm, takenNames: readonly string[], secretKept: boolean): FormProblems {
  const problems: Partial<Record<keyof ConnectionForm, string>> = {};
  if (form.name.trim() === '') problems.name = 'A name is missing.';
  else if (takenNames.includes(form.name.trim()))
    problems.name = `There is a connection “${form.name.trim()}” already.`;
  if (form.kind !== 'sandbox') {
    if (form.kind !== 'aws') {
      const endpoint = endpointProblem(form.endpoint);
      if (endpoint !== null) problems.endpoint = endpoint;
    }
    if (form.region.trim() === '') problems.region = 'A region is missing; most servers take us-east-1.';
    if (form.source === 'profile' && form.profile === '') problems.profile = 'Choose a profile.';
    if (form.source === 'keys') {
      if (form.accessKeyId.trim() === '') problems.accessKeyId = 'The access key is missing.';
      if (form.secretAccessKey === '' && !secretKept) problems.secretAccessKey = 'The secret key is missing.';
    }
  }
  if (form.maxWorkers !== '' && !(/^[1-9]\d{0,3}$/.test(form.maxWorkers) && Number(form.maxWorkers) <= 4096)) {
    problems.maxWorkers = 'A whole number from 1 to 4096, or empty.';
  }
  if (form.budgetRequests !== '' && !/^\d{1,15}$/.test(form.budgetRequests)) {
    problems.budgetRequests = 'A whole number, or empty.';
  }
  if (form.budgetDollars !== '' && !/^\d{1,6}(\.\d{1,9})?$/.test(form.budgetDollars)) {
    problems.budgetDollars = 'Dollars such as 0.01, or empty.';
  }
  if (form.kind !== 'sandbox' && form.proxy === 'own') {
    const address = endpointProblem(form.proxyAddress);
    if (address !== null) problems.proxyAddress = address;
  }
  if (form.certificateAuthority !== '' && !isPemText(form.certificateAuthority)) {
    problems.certificateAuthority = `${form.certificateAuthority} could not be read. Choose the certificate's file, or remove it.`;
  }
  return problems;
}

function endpointProblem(endpoint: string): string | null {
  let url: URL;
  try {
    url = new URL(endpoint);
  } catch {
    return 'An address is written http://host:port or https://host.';
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'An address begins with http:// or https://.';
  if (url.hostname === '') return 'The host is missing.';
  if (url.username !== '' || url.password !== '') return 'Keys belong into their own fields, not into the address.';
  return url.pathname === '/' && url.search === '' && url.hash === ''
    ? null
    : 'Host and port alone; bucket and prefix are chosen later.';
}

export function connectionOf(form: ConnectionForm): Connection {
  return {
    id: form.id,
    name: form.name.trim(),
    kind: form.kind,
    endpoint: form.kind === 'aws' || form.kind === 'sandbox' ? null : form.endpoint.trim().replace(/\/+$/, ''),
    region: form.region.trim(),
    pathStyle: form.pathStyle,
    credentials: credentialsOf(form),
    environment: form.environment,
    readOnly: form.readOnly,
    maxWorkers: form.maxWorkers === '' ? null : Number(form.maxWorkers),
    ...(form.group.trim() === '' ? {} : { group: form.group.trim() }),
    ...budgetOf(form),
    ...(form.kind === 'sandbox' ? {} : networkOf(form)),
    ...(form.requesterPays && form.kind !== 'sandbox' ? { requesterPays: true } : {}),
    ...amazonOf(form),
    ...(form.kind === 'custom' && form.server !== null ? { server: form.server } : {}),
  };
}

function credentialsOf({ source, accessKeyId, profile }: ConnectionForm): CredentialSource {
  switch (source) {
    case 'keys':
      return { source, accessKeyId: accessKeyId.trim() };
    case 'profile':
      return { source, profile };
    case 'anonymous':
    case 'environment':
    case 'sandbox':
      return { source };
  }
}

/** What a profile says of its server takes the place of what stands there; what it leaves open stays. */
export function withProfile(form: ConnectionForm, profile: AwsProfile): ConnectionForm {
  const { name, region, endpoint, pathStyle } = profile;
  const isUsualName = form.name === '' || Object.values(PRESETS).some((preset) => preset.name === form.name);
  return {
    ...form,
    source: 'profile',
    profile: name,
    name: isUsualName ? name : form.name,
    region: region ?? form.region,
    ...(endpoint === null ? {} : { endpoint, kind: form.kind === 'aws' ? ('custom' as const) : form.kind }),
    // As Amazon's tools choose where nobody does.
    pathStyle: pathStyle ?? (endpoint !== null || form.pathStyle),
  };
}

/** A connection made of what a profile says, under a name that is free. */
export function connectionOfProfile(id: string, profile: AwsProfile, takenNames: readonly string[]): Connection {
  const form = withProfile({ ...newForm(id, 'aws'), name: '' }, profile);
  return connectionOf({ ...form, name: freeName(profile.name, takenNames) });
}

/** The name, or with the first number behind it that nobody has taken. */
export function freeName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  for (let number = 2; ; number += 1) {
    if (!taken.includes(`${name} ${number}`)) return `${name} ${number}`;
  }
}

/** The secret as typed; null where the one that is kept shall stay. */
export function secretOf(form: ConnectionForm): Secret | null {
  if (form.source !== 'keys' || form.secretAccessKey === '') return null;
  return { secretAccessKey: form.secretAccessKey, sessionToken: form.sessionToken === '' ? null : form.sessionToken };
}

/** What is known beforehand of the server that is typed in: whose it is, how it differs, and the region it names. */
export function knownOf(form: ConnectionForm): { readonly text: string; readonly region: string | null } | null {
  if (form.kind !== 'custom') return null;
  const endpoint = form.endpoint.trim();
  const name = serverOf({ kind: form.kind, endpoint, region: form.region.trim(), ...serverIn(form) });
  if (name === null) return null;
  const { name: called, note } = knownServer(name);
  return { text: `Known server: ${called}. ${note}`, region: regionOfEndpoint(endpoint) };
}

function serverIn({ server }: ConnectionForm): Pick<Connection, 'server'> {
  return server === null ? {} : { server };
}

/** Of `bucket`, `bucket/prefix` or `s3://bucket/prefix/`; null for none. */
export function trialPlaceOf(text: string): TrialPlace | null {
  const [, bucket = '', prefix = ''] = /^(?:s3:\/\/)?([^/]*)\/?(.*)$/s.exec(text.trim()) ?? [];
  if (bucket === '') return null;
  return { bucket, prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/` };
}
