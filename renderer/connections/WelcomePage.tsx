import type { CollectionListing } from '../../shared/collection.ts';
import type { AwsProfile } from '../../shared/aws-profile.ts';
import type { Connection } from '../../shared/connection.ts';
import { countOf } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import pageStyles from '../ui/Page.module.css';
import { FoundHere } from './FoundHere.tsx';
import { FoundProfiles } from './FoundProfiles.tsx';
import { useFoundServers } from './use-found-here.ts';
import { Way } from './Way.tsx';
import styles from './WelcomePage.module.css';

/** Collections offered at once; the sidebar has all of them. */
const OFFERED = 4;

export interface WelcomePageProps {
  readonly connections: readonly Connection[];
  readonly collections: readonly CollectionListing[];
  readonly onOpenCollection: (collection: string) => void;
  readonly onNewConnection: () => void;
  readonly onOpenBucket: (connection: string) => void;
  /** A connection was made of a profile. */
  readonly onProfile: (connection: Connection, profile: AwsProfile) => void;
}

/** The first page and every empty tab: what Dipper is for, and the ways in. */
export function WelcomePage({
  connections,
  collections,
  onOpenCollection,
  onNewConnection,
  onOpenBucket,
  onProfile,
}: WelcomePageProps) {
  const sandbox = connections.find((connection) => connection.kind === 'sandbox');
  const own = connections.find((connection) => connection.kind !== 'sandbox');
  const recent = collections.slice(0, OFFERED);
  const servers = useFoundServers(connections);
  return (
    <div className={pageStyles.page}>
      <div className={pageStyles.column}>
        <Icon name="ladle" className={pageStyles.mark} />
        <h1 className={pageStyles.title}>See a bucket as a table of records</h1>
        {sandbox === undefined ? null : (
          <p className={pageStyles.lead}>
            The Sandbox is an S3 server inside Dipper. It holds sample records that you may change and delete freely.
          </p>
        )}
        <ul className={styles.ways}>
          {recent.map((collection) => {
            const sample = collection.connectionId === sandbox?.id;
            return (
              <Way
                key={collection.id}
                icon="collection"
                title={sample ? `Open the sample collection ${collection.name}` : `Open ${collection.name}`}
                text={
                  collection.records === null
                    ? `${collection.bucket}/${collection.prefix}`
                    : `${countOf(collection.records, 'record')} in ${collection.bucket}/${collection.prefix}`
                }
                onPress={() => onOpenCollection(collection.id)}
              />
            );
          })}
          <Way
            icon="server"
            title="Connect to your own bucket"
            text="AWS, MinIO, LocalStack, anything that speaks S3"
            onPress={onNewConnection}
          />
          {(own ?? sandbox) === undefined ? null : (
            <Way
              icon="bucket"
              title="Open a bucket or prefix"
              text={`Of ${(own ?? sandbox)?.name ?? ''} or another connection`}
              onPress={() => onOpenBucket((own ?? sandbox)?.id ?? '')}
            />
          )}
        </ul>
        <div className={styles.found}>
          <FoundHere found={servers} onAdded={({ id }) => onOpenBucket(id)} />
        </div>
        <FoundProfiles connections={connections} onMade={onProfile} />
      </div>
    </div>
  );
}
