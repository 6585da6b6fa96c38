import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface ProfilePlaces {
  /** What stands in for the services that give credentials. */
  readonly standIn: string;
  /** Of S3. */
  readonly s3: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Ten profiles of ten kinds, and one that cannot be used, in the `.aws` of a home folder of their own. */
export async function writeTenProfiles(home: string, places: ProfilePlaces): Promise<void> {
  const { standIn, s3, accessKeyId, secretAccessKey } = places;
  const folder = join(home, '.aws');
  await mkdir(folder, { recursive: true });
  const program = join(home, 'credentials.cjs');
  const printed = JSON.stringify({
    Version: 1,
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: 'token',
    Expiration: '2099-01-01T00:00:00Z',
  });
  await writeFile(program, `process.stdout.write(${JSON.stringify(printed)});`);
  await writeFile(join(home, 'token'), 'token of the cluster\n');
  await writeFile(
    join(folder, 'credentials'),
    `[base]
aws_access_key_id = ${accessKeyId}
aws_secret_access_key = ${secretAccessKey}

[session]
aws_access_key_id = ${accessKeyId}
aws_secret_access_key = ${secretAccessKey}
aws_session_token = token
`,
  );
  await writeFile(
    join(folder, 'config'),
    `# Written by hand
[default]
region = eu-central-1
services = here
role_arn = arn:aws:iam::111122223333:role/reader
credential_source = Ec2InstanceMetadata
s3 =
  addressing_style = path
  max_concurrent_requests = 20

[profile base]
region = us-east-1
services = here

[profile session]
region = us-east-1
services = here

[profile team]
sso_session = company
sso_account_id = 111122223333
sso_role_name = Reader
region = us-east-1
services = here

[profile old-sso]
sso_start_url = https://old.awsapps.com/start
sso_region = us-east-1
sso_account_id = 444455556666
sso_role_name = Admin
region = us-east-1
services = here

[profile deploy]
role_arn = arn:aws:iam::111122223333:role/path/deploy-mfa
source_profile = base
mfa_serial = arn:aws:iam::111122223333:mfa/me
region = us-east-1
services = here

[profile partner]
role_arn = arn:aws:iam::999988887777:role/partner-external
source_profile = team
external_id = outside
duration_seconds = 1800
region = us-east-1
services = here

[profile program]
credential_process = "${process.execPath}" "${program}" --token secret-word
region = us-east-1
services = here

[profile cluster]
role_arn = arn:aws:iam::111122223333:role/cluster
web_identity_token_file = ${join(home, 'token')}
region = us-east-1
services = here

[profile circle]
role_arn = arn:aws:iam::111122223333:role/a
source_profile = circle-back

[profile circle-back]
role_arn = arn:aws:iam::111122223333:role/b
source_profile = circle

[sso-session company]
sso_start_url = https://company.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access

[services here]
s3 =
  endpoint_url = ${s3}/
sts =
  endpoint_url = ${standIn}
sso =
  endpoint_url = ${standIn}
sso_oidc =
  endpoint_url = ${standIn}
`,
  );
}
