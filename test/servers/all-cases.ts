import { caseTitle, type Case } from './case.ts';
import { access } from './cases/access.ts';
import { attributesAndRestore } from './cases/attributes-and-restore.ts';
import { boto3 } from './cases/boto3.ts';
import { buckets } from './cases/buckets.ts';
import { copyObject } from './cases/copy-object.ts';
import { deletes } from './cases/delete-objects.ts';
import { getAndHeadObject } from './cases/get-object.ts';
import { listObjects } from './cases/list-objects.ts';
import { multipart } from './cases/multipart.ts';
import { objectTagging } from './cases/object-tagging.ts';
import { putObject } from './cases/put-object.ts';
import { s5cmdCases } from './cases/s5cmd.ts';
import { versions } from './cases/versions.ts';
import { batches } from './engine/batches.ts';
import { conditions } from './engine/conditions.ts';
import { connectionTest } from './engine/connection-test.ts';
import { jobs } from './engine/jobs.ts';
import { listing } from './engine/listing.ts';
import { objects } from './engine/objects.ts';
import { oddKeys } from './engine/odd-keys.ts';
import { tags } from './engine/tags.ts';
import { uploads } from './engine/uploads.ts';

/** What S3 does: by operation, in the order of the files; within an operation as they were written. */
export const serverCases: readonly Case[] = group([
  ...buckets,
  ...putObject,
  ...getAndHeadObject,
  ...deletes,
  ...copyObject,
  ...listObjects,
  ...objectTagging,
  ...multipart,
  ...attributesAndRestore,
  ...versions,
  ...access,
  ...boto3,
  ...s5cmdCases,
]);

/** What Dipper's own engine promises of every server: by area. */
export const engineCases: readonly Case[] = group([
  ...objects,
  ...oddKeys,
  ...conditions,
  ...connectionTest,
  ...tags,
  ...listing,
  ...batches,
  ...uploads,
  ...jobs,
]);

export const allCases: readonly Case[] = [...serverCases, ...engineCases];

function group(cases: readonly Case[]): readonly Case[] {
  const titles = new Set(cases.map(caseTitle));
  if (titles.size < cases.length) throw new Error('two cases have the same title');
  return [...new Set(cases.map(({ operation }) => operation))].flatMap((operation) =>
    cases.filter((one) => one.operation === operation),
  );
}
