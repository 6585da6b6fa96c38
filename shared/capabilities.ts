/** What a server does of what S3 does, in one bucket. Null where nobody knows: the keys may not try it. */
export interface Capabilities {
  /** A PUT with `If-None-Match: *` leaves an object that is there alone. */
  readonly conditionalCreate: boolean | null;
  /** A PUT with `If-Match` replaces only the object with that ETag. */
  readonly conditionalReplace: boolean | null;
  /** A copy with `If-None-Match: *` leaves an object that is there alone. */
  readonly conditionalCopy: boolean | null;
  /** A DELETE with `If-Match` deletes only the object with that ETag. */
  readonly conditionalDelete: boolean | null;
  /** DeleteObjects, up to 1,000 keys in a request. */
  readonly bulkDelete: boolean | null;
  /** DeleteObjects looks at its `<ETag>` elements. */
  readonly conditionalBulkDelete: boolean | null;
  readonly tags: boolean | null;
  /** Why these keys may not write tags here, in a sentence; left out where nobody was refused. */
  readonly tagsDenied?: string;
  /** A PUT whose body does not fit its `x-amz-checksum-…` is refused. */
  readonly checksums: boolean | null;
  /** The bucket keeps, or has kept, versions of its objects. */
  readonly versions: boolean | null;
  /** An object has the storage class that it was written with. */
  readonly storageClasses: boolean | null;
}

/** Those that a server has or lacks. */
export type Capability = Exclude<keyof Capabilities, 'tagsDenied'>;
