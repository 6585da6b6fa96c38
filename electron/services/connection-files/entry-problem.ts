/** Why nothing can be made of an entry of a file: a sentence. */
export class EntryProblem extends Error {}
