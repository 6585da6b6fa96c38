/** What a person has to know of a storage class before choosing it; prices are another matter. */
export interface StorageClass {
  /** As S3 names it. */
  readonly name: string;
  /** One or two plain sentences. */
  readonly about: string;
  /** An object that goes earlier is billed for so many days all the same; 0 where there is none. */
  readonly minimumDays: number;
  /** Cannot be read before it was restored. */
  readonly archived: boolean;
}

/** Whether objects of this class have to be restored before they can be read. */
export function isArchived(storageClass: string): boolean {
  return STORAGE_CLASSES.some(({ name, archived }) => archived && name === storageClass);
}

/** Classes that a PUT into an ordinary bucket can ask for, from the one most read to the one least read. */
export const STORAGE_CLASSES: readonly StorageClass[] = [
  {
    name: 'STANDARD',
    about: 'For what is read and written often. Nothing is billed beyond what is stored and asked for.',
    minimumDays: 0,
    archived: false,
  },
  {
    name: 'INTELLIGENT_TIERING',
    about: 'S3 moves objects by how often they are read. Those below 128 KB stay where they are, as in Standard.',
    minimumDays: 0,
    archived: false,
  },
  {
    name: 'STANDARD_IA',
    about: 'For what is seldom read: each read costs by size. Billed for at least 30 days and 128 KB an object.',
    minimumDays: 30,
    archived: false,
  },
  {
    name: 'ONEZONE_IA',
    about: 'As Standard-IA, but in one data centre and lost with it. Billed for at least 30 days and 128 KB an object.',
    minimumDays: 30,
    archived: false,
  },
  {
    name: 'GLACIER_IR',
    about: 'An archive that is read at once, at a price. Billed for at least 90 days and 128 KB an object.',
    minimumDays: 90,
    archived: false,
  },
  {
    name: 'GLACIER',
    about: 'An archive: restoring takes minutes to hours. Billed for at least 90 days and 40 KB more an object.',
    minimumDays: 90,
    archived: true,
  },
  {
    name: 'DEEP_ARCHIVE',
    about:
      'The coldest archive: restoring takes 12 to 48 hours. Billed for at least 180 days and 40 KB more an object.',
    minimumDays: 180,
    archived: true,
  },
  {
    name: 'REDUCED_REDUNDANCY',
    about: 'Of old buckets: less safe than Standard, and dearer.',
    minimumDays: 0,
    archived: false,
  },
];
