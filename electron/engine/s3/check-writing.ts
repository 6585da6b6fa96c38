import type { CheckName, ConnectionCheck, TrialPlace } from '../../../shared/connection-check.ts';
import { AppFailure } from '../../../shared/result.ts';
import { failed, limited, notRun, passed, type CheckList } from './check-list.ts';
import type { Trial, TrialName } from './probe-capabilities.ts';
import type { S3Client } from './s3-client.ts';
import { uncheckedConditions } from './unchecked-conditions.ts';

type Trials = ReadonlyMap<TrialName, Trial>;

/** What a check is read off once all of these were tried. */
interface WritingCheck {
  readonly check: CheckName;
  readonly trials: readonly TrialName[];
  readonly read: (trial: (name: TrialName) => Trial, place: TrialPlace) => ConnectionCheck;
}

const TAKEN: Trial = { outcome: 'taken', error: null };

const CONDITIONS: readonly TrialName[] = [
  'conditional-create',
  'conditional-replace',
  'conditional-copy',
  'conditional-delete',
  'bulk-delete',
];

const CHECKS: readonly WritingCheck[] = [
  { check: 'write', trials: ['write'], read: (trial) => verdictOf('write', trial('write'), 'An object was written.') },
  { check: 'read', trials: ['read'], read: (trial) => verdictOf('read', trial('read'), 'It was read back.') },
  { check: 'conditional-writes', trials: CONDITIONS, read: conditionsCheck },
  { check: 'tags', trials: ['read-tags', 'write-tags'], read: tagsCheck },
  { check: 'delete', trials: ['delete'], read: deleteCheck },
];

/** Writes, tags and deletes one object below the place, and says what came of it check by check. */
export async function checkWriting(
  client: S3Client,
  list: CheckList,
  place: TrialPlace,
  { signal, withRead }: { readonly signal: AbortSignal; readonly withRead: boolean },
): Promise<void> {
  const trials = new Map<TrialName, Trial>();
  const wanted = CHECKS.filter(({ check }) => check !== 'read' || withRead);
  const onTrial = (name: TrialName, trial: Trial): void => {
    trials.set(name, trial);
    for (const { check, trials: needed, read } of wanted) {
      if (!needed.includes(name) || !needed.every((one) => trials.has(one))) continue;
      list.add(read((one) => trials.get(one) ?? TAKEN, place));
      if (check === 'write' && trial.outcome !== 'taken') list.rest('Nothing can be written here.');
    }
  };
  try {
    const { capabilities } = await client.examine(place.bucket, place.prefix, { signal, onTrial });
    if (trials.get('write')?.outcome !== 'taken') return;
    list.add(classesCheck(capabilities.storageClasses, trials));
  } catch (failure) {
    // What may help a second time ends the trial: nothing can be told of the rest.
    if (!(failure instanceof AppFailure) || failure.error.code === 'aborted') throw failure;
    if (!trials.has('write')) list.add(failed('write', failure.error));
    list.rest(failure.error.message);
  }
}

function verdictOf(check: CheckName, { outcome, error }: Trial, well: string): ConnectionCheck {
  return outcome === 'taken' || error === null ? passed(check, well) : failed(check, error);
}

function conditionsCheck(trial: (name: TrialName) => Trial): ConnectionCheck {
  const heeded = (name: TrialName): boolean | null => {
    const { outcome } = trial(name);
    return outcome === 'forbidden' ? null : outcome === 'refused';
  };
  const denied = CONDITIONS.map(trial).find(({ outcome }) => outcome === 'forbidden')?.error ?? null;
  const [unchecked] = uncheckedConditions({
    conditionalCreate: heeded('conditional-create'),
    conditionalReplace: heeded('conditional-replace'),
    conditionalDelete: heeded('conditional-delete'),
  });
  if (unchecked !== undefined) {
    return limited('conditional-writes', unchecked, 'Let nobody else write there at the same time.');
  }
  if (denied !== null) {
    return limited('conditional-writes', `Not all of it could be tried out. ${denied.message}`, null, denied);
  }
  const notes = [
    heeded('conditional-copy') === false ? 'Copies are not checked, so that Dipper looks before each.' : '',
    heeded('bulk-delete') === false ? 'Many deletes at once are not checked, so that Dipper deletes one by one.' : '',
  ].filter((note) => note !== '');
  if (notes.length === 0) {
    return passed('conditional-writes', 'The server checks conditions when it writes, copies and deletes.');
  }
  return limited('conditional-writes', `The server checks conditions of single writes. ${notes.join(' ')}`, null);
}

function tagsCheck(trial: (name: TrialName) => Trial, { bucket, prefix }: TrialPlace): ConnectionCheck {
  const read = trial('read-tags');
  const written = trial('write-tags');
  const [refused] = [written, read].filter(({ outcome }) => outcome !== 'taken');
  if (refused?.error === undefined || refused.error === null) return passed('tags', 'Tags are written and read.');
  if (refused.outcome === 'unsupported') {
    return limited('tags', 'This server keeps no tags.', 'Leave the tag mapping of collections off.', refused.error);
  }
  const what = refused === written ? 'write' : 'read';
  const permission = refused === written ? 's3:PutObjectTagging' : 's3:GetObjectTagging';
  return {
    ...failed('tags', refused.error),
    reason: `A policy does not let these keys ${what} tags. ${refused.error.message}`,
    remedy: `Ask for the permission ${permission} on arn:aws:s3:::${bucket}/${prefix}*, or save without tags and leave the tag mapping of collections off.`,
  };
}

function deleteCheck(trial: (name: TrialName) => Trial, { bucket }: TrialPlace): ConnectionCheck {
  const { outcome, error } = trial('delete');
  if (outcome === 'taken' || error === null) return passed('delete', 'The object was deleted again.');
  const key = error.detail?.key;
  const left = key === undefined ? '' : ` The object "${key}" of this test stays in bucket "${bucket}".`;
  const check = failed('delete', error);
  return { ...check, reason: `${check.reason}${left}` };
}

function classesCheck(keepsClasses: boolean | null, trials: Trials): ConnectionCheck {
  const { outcome, error } = trials.get('storage-class') ?? TAKEN;
  if (keepsClasses === true)
    return passed('storage-classes', 'An object has the storage class that it was written with.');
  if (outcome === 'forbidden' && error !== null && error.code === 'access-denied')
    return failed('storage-classes', error);
  if (keepsClasses === null) return notRun('storage-classes', 'The server does not tell the class of an object.');
  return limited('storage-classes', 'This server keeps every object in the same class.', null, error);
}
