/** A package that ships inside Dipper. */
export interface Licence {
  readonly name: string;
  readonly version: string;
  /** SPDX, such as `MIT`. */
  readonly licence: string;
  readonly text: string;
}
