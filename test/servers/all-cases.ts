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

/** By operation, in the order of the files; within an operation as they were written. */
export const allCases: readonly Case[] = group([
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

function group(cases: readonly Case[]): readonly Case[] {
  const titles = new Set(cases.map(caseTitle));
  if (titles.size < cases.length) throw new Error('two cases have the same title');
  return [...new Set(cases.map(({ operation }) => operation))].flatMap((operation) =>
    cases.filter((one) => one.operation === operation),
  );
}
