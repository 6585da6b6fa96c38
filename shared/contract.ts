/**
 * The only door between the two sides, on one page. A request is a call that can be cancelled and answers a Result; an
 * event is a hint that something changed. Everything in here survives JSON (the browser host) and structured clone (the
 * desktop) alike. Secrets cross inwards only.
 */
import type {
  CodecDetection,
  CodecName,
  Collection,
  CollectionListing,
  CollectionTraces,
  ForgottenUrl,
  IndexesOnDisk,
} from './collection.ts';
import type { Comparison } from './comparison.ts';
import type { ClassOffers, OfferedRecords, OfferUse } from './class-offer.ts';
import type { AwsProfiles, NamedProfileFiles, SignInStep } from './aws-profile.ts';
import type { Connection } from './connection.ts';
import type { ConnectionCheck, ConnectionTest, TrialPlace } from './connection-check.ts';
import type { ConnectionFile, ConnectionImport } from './connection-file.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { DraggedFile, DraggedRecords } from './dragged-records.ts';
import type { GivenFile } from './given-file.ts';
import type {
  GivenReading,
  ImportForecast,
  ImportInspection,
  ImportSettings,
  ImportSource,
  PreviewedRow,
} from './import.ts';
import type { DeletedRecords } from './deleted-records.ts';
import type { PrefixPage, ObjectCount } from './prefix-page.ts';
import type { ChosenPlace, ExportPlace, ExportTask } from './export.ts';
import type { Job, JobReport, JobRequest } from './job.ts';
import type { PreviewedRecord } from './job-preview.ts';
import type { Ledger } from './ledger.ts';
import type { LocalServer, LocalStackProgram, ServerState } from './local-server.ts';
import type {
  FieldSummary,
  OpenedQuery,
  RecordCount,
  RequestStatistics,
  ResultPage,
  ResultRow,
  SyncProgress,
} from './page.ts';
import type { JobPlan, Plan, PlannedWork, Spending } from './plan.ts';
import type { PlannedJob } from './planned-job.ts';
import type { FieldSortKey } from './query.ts';
import type { ResultProfile } from './profile.ts';
import type { Draft, RecordAddress, RecordChange, RecordDetail, Tag, WeakerWrites, WrittenRecord } from './record.ts';
import type { RequestFilter, RequestPage } from './request-log.ts';
import type { QueryRun, SavedQueries, SavedQuery } from './saved-query.ts';
import type { Settings } from './settings.ts';
import type { SqlColumn } from './sql.ts';
import type { DownloadedFile, FileToUpload, TransferProgress, UnfinishedUpload, UnfinishedUploads } from './upload.ts';
import type { View } from './view.ts';
import type { KeptWorkspace } from './workspace.ts';

/** A noun's verb: `{ args; result }`. */
export interface Requests {
  'application:state': { args: Record<string, never>; result: ApplicationState };
  /** The contract as data, for `dipper call`. */
  'application:channels': { args: Record<string, never>; result: readonly ChannelDescription[] };

  'settings:read': { args: Record<string, never>; result: Settings };
  /** A cap of the indexes that is lower than before holds at once. */
  'settings:write': { args: { settings: Partial<Settings> }; result: Settings };
  /** What that cap is about. */
  'settings:indexes': { args: Record<string, never>; result: IndexesOnDisk };

  'connections:list': { args: Record<string, never>; result: readonly Connection[] };
  /** Adds or changes. `secret` is kept by the shell's secret store; left out, the one kept before stays. */
  'connections:save': { args: { connection: Connection; secret?: Secret }; result: Connection };
  /** Its collections, their indexes and drafts go with it; the objects in S3 stay. */
  'connections:remove': { args: { connection: string }; result: null };
  /** Another one like it right behind it, with the same secret; its collections stay with the first. */
  'connections:duplicate': { args: { connection: string }; result: Connection };
  /** Puts them into this order, each into its group; null is none. Those that are not named come last. */
  'connections:arrange': { args: { places: readonly ConnectionPlace[] }; result: null };
  /** Some or (null) all with their collections as the text of a file, without secrets. The Sandbox stays out of it. */
  'connections:export': { args: { connections: readonly string[] | null }; result: { text: string } };
  /** What `connections:import` would add; writes nothing. */
  'connections:preview-import': { args: { file: ConnectionFile }; result: ConnectionImport };
  /** Adds what can be taken; secrets go to the shell's secret store. */
  'connections:import': { args: { file: ConnectionFile }; result: ConnectionImport };
  /**
   * Tries a connection out, check by check; with `draft` one that is not saved yet. What it finds out of a saved one counts
   * from then on. Writes only where a connection may be written, one object with a name of its own, which is deleted again.
   */
  'connections:test': {
    args: ({ connection: string } | { draft: Connection; secret?: Secret }) & {
      /** Default: beside the records of a collection of the connection, where there is one. */
      place?: TrialPlace;
      /** Names the test in `connection-test:progress`; left out, nothing is told before the end. */
      test?: string;
    };
    result: ConnectionTest;
  };

  /** How its server stands now, by one small request; asking does not start the Sandbox. */
  'connections:state': { args: { connection: string }; result: ServerState };

  /** Servers of this machine that no connection leads to yet. */
  'servers:find': { args: Record<string, never>; result: readonly LocalServer[] };
  'servers:localstack': { args: Record<string, never>; result: LocalStackProgram };
  /** Runs the `localstack` command of this machine, which brings up a LocalStack that stays when Dipper ends. */
  'servers:start-localstack': { args: Record<string, never>; result: null };
  'servers:start-sandbox': { args: Record<string, never>; result: null };
  /** It stays stopped until somebody starts it, or until the next start of Dipper. */
  'servers:stop-sandbox': { args: Record<string, never>; result: null };

  /** The profiles of Amazon's own tools on the machine of the data folder, read anew. Sends no request. */
  'profiles:list': { args: Record<string, never>; result: AwsProfiles };
  /** What a person does first so that a profile gives credentials; a code of the page for it is made with the answer. */
  'profiles:begin-sign-in': { args: { profile: string }; result: SignInStep };
  /**
   * Waits until a person has confirmed it in the browser, or uses the `code` of a device, and answers what comes next.
   * Jobs that paused for it go on. `access-denied` where it was refused, or the code is wrong.
   */
  'profiles:continue-sign-in': { args: { profile: string; code: string | null }; result: SignInStep };

  'buckets:list': { args: { connection: string }; result: readonly string[] };
  /** In the connection's region. One that is ours already is no failure. */
  'buckets:create': { args: { connection: string; bucket: string }; result: null };
  /** A page of the "folders" directly below a prefix; `from` is the `next` of the page before, null for the first. */
  'buckets:prefixes': {
    args: { connection: string; bucket: string; prefix: string; from: string | null };
    result: PrefixPage;
  };
  /** Objects below a prefix, counted by listing, up to 10,000. */
  'buckets:count': { args: { connection: string; bucket: string; prefix: string }; result: ObjectCount };

  'collections:list': { args: Record<string, never>; result: readonly CollectionListing[] };
  'collections:save': { args: { collection: Collection }; result: Collection };
  'collections:remove': { args: { collection: string }; result: null };
  /** What this machine keeps of a collection, without what it is made with. */
  'collections:traces': { args: { collection: string }; result: CollectionTraces };
  /** Removes that from this machine; the collection stays in the sidebar, the objects in S3 stay. */
  'collections:forget': { args: { collection: string }; result: null };
  /** The same for what the command line was given as a URL, with whatever connection and codec; needs no credentials. */
  'collections:forget-url': { args: { bucket: string; prefix: string }; result: ForgottenUrl };
  'collections:detect': { args: { connection: string; bucket: string; prefix: string }; result: CodecDetection };
  /**
   * A collection named by URL on the command line; not shown in the sidebar. Answers its id, and how its records are read;
   * `isAssumed` where nobody said it and nothing was there to tell.
   */
  'collections:open-url': {
    args: CollectionUrl;
    result: { collection: string; codec: CodecName; isAssumed: boolean; notes: readonly string[] };
  };
  'collections:fields': { args: { collection: string }; result: readonly FieldSummary[] };
  /** Counts keys by listing, without the index. */
  'collections:count-keys': {
    args: { collection: string; spending?: Spending };
    result: { count: number; statistics: RequestStatistics };
  };

  /** What the window `window` showed; for a window that is new, what the last one did; null where there was none. */
  'workspace:read': { args: { window: string }; result: KeptWorkspace | null };
  'workspace:save': { args: { window: string; workspace: KeptWorkspace }; result: null };

  'views:read': { args: { collection: string }; result: View };
  'views:save': { args: { collection: string; view: View }; result: null };

  /** `query` is JSON text (shared/query.ts), because its numbers may need more digits than a double has. */
  'query:open': { args: AskedQuery & { /** Default `within-budget`. */ spending?: Spending }; result: OpenedQuery };
  /** How many rows it finds, by the cheaper way: of a collection that was never read, all records by their keys. */
  'query:count': { args: AskedQuery & { spending?: Spending }; result: RecordCount };
  /** What `query:open` would send; sends nothing. */
  'query:plan': { args: AskedQuery; result: Plan };
  'query:page': { args: { result: string; from: number; count: number }; result: ResultPage };
  /** As many whole rows as fit 4 MB, at least one; nothing clipped. */
  'query:rows': { args: { result: string; from: number; count: number }; result: readonly ResultRow[] };
  /** What the values of up to 24 fields are (paths of `collections:fields`), in an open result and in its collection. */
  'query:profile': { args: { result: string; fields: readonly (readonly string[])[] }; result: ResultProfile };
  'query:close': { args: { result: string }; result: null };
  /** Stops the sync of a collection; what has been read stays. */
  'query:stop-sync': { args: { collection: string }; result: null };

  /**
   * A read-only statement over the collection's index, in DuckDB's SQL; tables and limits are in shared/sql.ts. Its result is
   * paged and closed as that of `query:open`, and it is held to the same budget. `invalid-query` has line and column.
   */
  'sql:open': {
    args: { collection: string; statement: string; freshness: Freshness; spending?: Spending };
    result: OpenedQuery;
  };
  /**
   * Puts the rows of its open result into another order, by names of its columns: what has no value comes last, equal rows
   * stand as the statement has them. No key gives the statement's own order back.
   */
  'sql:sort': { args: { result: string; sort: readonly FieldSortKey[] }; result: null };
  /** What a statement can name. */
  'sql:columns': { args: { collection: string }; result: readonly SqlColumn[] };
  'saved-queries:read': { args: { collection: string }; result: SavedQueries };
  /** Adds, or changes the one with this id. */
  'saved-queries:save': { args: { collection: string; query: SavedQuery }; result: null };
  'saved-queries:remove': { args: { collection: string; id: string }; result: null };
  /** Adds to the history, which keeps the last 50. */
  'saved-queries:add-run': { args: { collection: string; run: QueryRun }; result: null };
  'saved-queries:clear-history': { args: { collection: string }; result: null };

  'record:read': { args: { collection: string; address: RecordAddress }; result: RecordDetail };
  /** `record` is the JSON text of a flat object (or, in a plain collection, the body as it shall be). */
  'record:create': { args: NewRecord; result: WrittenRecord };
  /** `etag` is what the person saw; an object that has another one is a conflict (`record-changed`). */
  'record:update': { args: RecordUpdate; result: WrittenRecord };
  'record:delete': {
    args: { collection: string; key: string; etag: string | null };
    result: { notes: readonly string[] };
  };
  /**
   * What to say before something is written. The first who asks about a bucket has its server tried out, with an object of
   * our own beside the records; who asks for what is `held` does not.
   */
  'record:weaker-writes': { args: { collection: string; held?: boolean }; result: WeakerWrites };
  /**
   * A file as the object of a record, in a plain collection; one that was broken off is gone on with by the same call. Not
   * for pages.
   */
  'record:upload': { args: FileToUpload; result: WrittenRecord };
  /**
   * The object of a record as a file. `path` is absolute, and written over; not for pages, for which it is null: a new file
   * in the folder for downloads of this machine, named after the record.
   */
  'record:download': {
    args: { collection: string; address: RecordAddress; path: string | null };
    result: DownloadedFile;
  };

  /** Uploads below the collection's prefix that were begun and not ended, by whomever. */
  'uploads:list': { args: { collection: string }; result: UnfinishedUploads };
  /** Ends them: what was uploaded of them is gone. */
  'uploads:remove': {
    args: { collection: string; uploads: readonly Pick<UnfinishedUpload, 'key' | 'uploadId'>[] };
    result: null;
  };

  'drafts:list': { args: { collection: string }; result: readonly Draft[] };
  'drafts:save': { args: { draft: Draft }; result: null };
  'drafts:discard': { args: { collection: string; key: string }; result: null };

  /** A file or folder by its path. Not for pages: the window asks it for what a person dropped or chose in it. */
  'files:give': { args: { path: string }; result: GivenFile };
  /** A file or folder that there is no path of: its bytes follow. It is kept until it is released or the page goes away. */
  'files:begin': { args: { name: string; kind: GivenFile['kind'] }; result: GivenFile };
  /** `path`: below a folder, with `/`; empty for the file itself. `bytes`: in base64, of 1 MiB at most. */
  'files:append': { args: { handle: string; path: string; bytes: string }; result: null };
  /** A job that reads it goes on. */
  'files:release': { args: { handle: string }; result: null };

  /** What a file is and how its rows can become records, by a look at its beginning; `reading` is what a person said of it. */
  'import:inspect': {
    args: { collection: string; source: ImportSource; reading: GivenReading };
    result: ImportInspection;
  };
  /** The first rows as the records that they will be. */
  'import:preview': {
    args: { collection: string; source: ImportSource; settings: ImportSettings; count: number };
    result: readonly PreviewedRow[];
  };
  /** A dry run: reads all rows and what is in their places, writes nothing. The import itself is a job. */
  'import:forecast': {
    args: { collection: string; source: ImportSource; settings: ImportSettings };
    result: ImportForecast;
  };

  /**
   * The records of two collections beside each other; reads those whose ETags differ, and writes nothing. `first`: only so
   * many names, in the order of their keys.
   */
  'promote:compare': { args: { collection: string; to: string; first?: number }; result: Comparison };
  /** What that sends, as far as it is known before; sends nothing. */
  'promote:plan-comparison': { args: { collection: string; to: string; first?: number }; result: PlannedWork };

  /** What was deleted below the prefix, by listing all versions there; the job `undelete` brings it back. */
  'undelete:find': { args: { collection: string }; result: DeletedRecords };

  /**
   * What each storage class would cost for some records; sends no request, but where a write is near (`isNear`) the server is
   * tried out as `record:weaker-writes` does it.
   */
  'storage:offers': {
    args: { collection: string; records: OfferedRecords; use: OfferUse; isNear: boolean };
    result: ClassOffers;
  };

  /** All jobs that are kept, the newest first. */
  'jobs:list': { args: Record<string, never>; result: readonly Job[] };
  /** What a job sends and costs, where that is known before; a sync is one that reads everything again. Sends nothing. */
  'jobs:plan': { args: PlannedJob; result: JobPlan | null };
  /**
   * Answers once the job is on disk; from then on it survives a crash. `ask-first` where its plan is beyond the budget, or its
   * journal would keep more than anybody was asked about.
   */
  'jobs:start': { args: { job: JobRequest; spending?: Spending }; result: Job };
  /** The first 20 records of a job as they are and as it would leave them; writes nothing. */
  'jobs:preview': { args: { job: JobRequest }; result: readonly PreviewedRecord[] };
  /** Lets requests under way end, starts no more. */
  'jobs:pause': { args: { job: string }; result: Job };
  'jobs:resume': { args: { job: string }; result: Job };
  /** Breaks off requests under way; what was done stays done. */
  'jobs:cancel': { args: { job: string }; result: Job };
  /** A new job of the records that failed, with the ETags they have now. Held to the budget as `jobs:start` is. */
  'jobs:retry': { args: { job: string; spending?: Spending }; result: Job };
  /**
   * A new job that brings back what was before an ended one: from the bucket's versions, else from the journal. What others
   * have changed since fails in it, and stays. Redo is the undo of an undo. Held to the budget as `jobs:start` is.
   */
  'jobs:undo': { args: { job: string; spending?: Spending; undoable?: boolean }; result: Job };
  /** A page of what became of the records: `from` is the `next` of the page before, null for the first. */
  'jobs:report': { args: { job: string; from: string | null; onlyFailed: boolean }; result: JobReport };
  /**
   * The rows that failed of an import that kept them (`Job.badRows`), as a file that can be mended and imported: a piece of
   * its bytes, in base64; `next` is null after the last.
   */
  'jobs:bad-rows': { args: { job: string; from: number }; result: { bytes: string; next: number | null } };
  /** Removes an ended job with its journal. */
  'jobs:remove': { args: { job: string }; result: null };

  /** Asks by the dialog of the system where to write, with this name to begin with. `no-dialog` where there is no desktop. */
  'exports:choose': { args: { name: string }; result: ChosenPlace | 'closed' | 'no-dialog' };
  /** A job of the kind `export` to where a page may write. */
  'exports:start': { args: PageExport; result: Job };
  /** Up to 1,000 records as a small file to be dragged out of the window, from the index alone. */
  'exports:dragged': { args: DraggedRecords; result: DraggedFile };
  /** Shows what an export has written in the file manager of the system. */
  'exports:show': { args: { job: string }; result: null };

  /** What Dipper's own requests came to, by day and connection. */
  'ledger:read': { args: Record<string, never>; result: Ledger };

  /** Tries of S3 requests that ended after the sequence number `after`, the oldest first. */
  'requests:list': { args: { after?: number; filter?: RequestFilter }; result: RequestPage };
  'requests:clear': { args: Record<string, never>; result: null };

  /** This Dipper as a text for a report of a bug; without names there is no bucket, key, server or person in it. */
  'diagnostics:read': { args: { withNames: boolean }; result: Diagnostics };
}

export interface Events {
  /** What `application:state` answers changed: a note was added. */
  'application:changed': Record<string, never>;
  'settings:changed': Settings;
  'connections:changed': Record<string, never>;
  /** The Sandbox was started or stopped, or a start of LocalStack began or ended. */
  'servers:changed': Record<string, never>;
  'collections:changed': Record<string, never>;
  /** Somebody signed in: what `profiles:list` answers changed. */
  'profiles:changed': Record<string, never>;
  /** The checks that have ended so far, each time one does; `test` as its caller has named it. */
  'connection-test:progress': { readonly test: string; readonly checks: readonly ConnectionCheck[] };
  'saved-queries:changed': { readonly collection: string };
  'view:changed': { readonly collection: string; readonly view: View };
  /** At most five a second for a collection, and at once on an end state. */
  'sync:progress': SyncProgress;
  /** What happened to jobs may have been heard by nobody: `jobs:list` says how they stand. */
  'jobs:changed': Record<string, never>;
  /** At most five a second for a job, and at once on every change of its state. */
  'job:changed': Job;
  'job:removed': { readonly job: string };
  /** At most five a second for a file, and at once on its end. */
  'transfer:progress': TransferProgress;
  /** The index of a collection changed: an open result may be older than the data. */
  'collection:changed': { readonly collection: string; readonly version: number };
  /** At most five a second: what the request log keeps now, by sequence number. `first` is above `last` where nothing is. */
  'requests:changed': { readonly first: number; readonly last: number };
}

export type Channel = keyof Requests;
export type Args<C extends Channel> = Requests[C]['args'];
export type Answer<C extends Channel> = Requests[C]['result'];
export type EventName = keyof Events;

export interface ApplicationState {
  readonly version: string;
  readonly shell: 'desktop' | 'browser' | 'command-line';
  readonly platform: 'mac' | 'windows' | 'linux';
  readonly dataFolder: string;
  /** Where typed-in secrets are kept. */
  readonly secrets: 'keychain' | 'memory';
  /** Sentences about files of the data folder that could not be read whole and were kept aside. */
  readonly notes: readonly string[];
}

export interface ChannelDescription {
  readonly channel: string;
  /** JSON Schema of the arguments. */
  readonly args: Readonly<Record<string, unknown>>;
}

export interface Secret {
  readonly secretAccessKey: string;
  readonly sessionToken: string | null;
}

export interface ConnectionPlace {
  readonly connection: string;
  readonly group: string | null;
}

/**
 * `first-rows`: answers from what the index holds and syncs behind it; the first sync answers once it has some rows.
 * `complete`: waits for the sync (none within the TTL). `forced`: the same, but lists whatever the TTL says. `held`:
 * what the index holds, however old; no request is sent.
 */
export type Freshness = 'first-rows' | 'complete' | 'forced' | 'held';

export interface AskedQuery {
  readonly collection: string;
  readonly query: string;
  readonly freshness: Freshness;
  /** Tags that were read before are read again; milliseconds since 1970. Left out: any are good enough. */
  readonly tagsReadBefore?: number;
}

export interface CollectionUrl {
  readonly bucket: string;
  readonly prefix: string;
  /** Null: found from the first objects, and said in `notes`. */
  readonly codec: CodecName | null;
  readonly target:
    | {
        readonly connection: string;
        /** The caller's own, for a connection whose credentials come from the environment; else left out. */
        readonly credentials?: CallerCredentials;
      }
    | (ServerTarget & (CallerCredentials | { readonly anonymous: true }))
    | ProfileTarget;
}

/** How a server is reached and asked, besides what `ServerTarget` and `ProfileTarget` say; left out: as usual. */
export type ServerWays = Pick<Connection, 'requesterPays' | 'amazon'>;

export interface ServerTarget extends ServerWays {
  readonly endpoint: string | null;
  readonly region: string;
  readonly pathStyle: boolean;
}

/** A server by a profile; what is null is taken from the profile. */
export interface ProfileTarget extends ServerWays {
  readonly profile: string;
  /**
   * Files that the caller's variables name, null where they name none: a profile of this name in other files may be one
   * of another account.
   */
  readonly files: NamedProfileFiles;
  readonly endpoint: string | null;
  readonly region: string | null;
  readonly pathStyle: boolean | null;
}

/** AWS_* variables as the caller's process has them: the owner of the data folder may have others. */
export interface CallerCredentials {
  readonly accessKeyId: string;
  readonly secret: Secret;
}

export interface PageExport extends Omit<ExportTask, 'target'> {
  readonly collection: string;
  readonly place: ExportPlace;
}

export interface NewRecord {
  readonly collection: string;
  /** Null: from the record (dataknobs' precedence) or a new UUID. */
  readonly id: string | null;
  readonly record: string;
  readonly tags?: readonly Tag[];
  /** Default `fail`. `replace` reads first and then sends If-Match, or If-None-Match where nothing was. */
  readonly ifExists?: 'fail' | 'replace';
  /** Save although the server refuses tags. */
  readonly withoutTags?: boolean;
}

export interface RecordUpdate {
  readonly collection: string;
  readonly key: string;
  readonly etag: string;
  readonly change: RecordChange;
  readonly withoutTags?: boolean;
}
