import { parameter, type S3Request } from '../http/s3-request.ts';
import { NO_FAULTS, type FaultPlan, type FaultRule } from './fault-rules.ts';

const MOST_LISTINGS = 100;
/** What tells one page of a listing from another; all other parameters tell listings apart. */
const PLACE_PARAMETERS = ['continuation-token', 'start-after', 'marker', 'key-marker', 'version-id-marker'];

interface Listing {
  readonly place: string;
  readonly page: number;
  /** Of this page and the one before; null where there was none. */
  document: string | null;
  readonly before: string | null;
}

/** The rules in force and how often each has fitted and hit. */
export class Faults {
  #rules: readonly FaultRule[] = [];
  #fitted: number[] = [];
  #hits: number[] = [];
  #seconds: { second: number; count: number }[] = [];
  #random: () => number = seeded(1);
  readonly #listings = new Map<string, Listing>();

  /** Replaces all rules and forgets what was counted. */
  set(rules: readonly FaultRule[], seed = 1): void {
    this.#rules = rules;
    this.#fitted = rules.map(() => 0);
    this.#hits = rules.map(() => 0);
    this.#seconds = rules.map(() => ({ second: 0, count: 0 }));
    this.#random = seeded(seed);
    this.#listings.clear();
  }

  /** How many requests each rule has hit. */
  get hits(): readonly number[] {
    return this.#hits;
  }

  /** To be asked once a request, in their order; `operation` is null where there is none of that name. */
  plan(request: S3Request, operation: string | null): FaultPlan {
    if (this.#rules.length === 0) return NO_FAULTS;
    const page = this.#turnPage(request, operation);
    const faults = this.#rules.filter((rule, at) => this.#hit(rule, at, request, operation, page));
    const plan: { -readonly [Kind in keyof FaultPlan]: FaultPlan[Kind] } = { ...NO_FAULTS };
    for (const { fault } of faults) {
      if (fault.kind === 'delay') plan.delay ??= fault.milliseconds;
      else if (fault.kind === 'reset') plan.reset ??= fault.at;
      else if (fault.kind === 'trickle') plan.trickle ??= fault;
      else if (fault.kind === 'answer') plan.answer ??= fault;
      else plan.page ??= fault.kind;
    }
    return plan;
  }

  /** The document to answer in place of a listing's true one. */
  pageDocument(request: S3Request, plan: FaultPlan, document: string): string {
    const listing = this.#listings.get(listingOf(request));
    if (listing !== undefined) listing.document = document;
    if (plan.page === 'cut-page') return document.slice(0, document.length / 2);
    if (plan.page === 'repeat-page') return listing?.before ?? document;
    return document;
  }

  #hit(rule: FaultRule, at: number, request: S3Request, operation: string | null, page: number | null): boolean {
    const name = request.key ?? parameter(request, 'prefix') ?? '';
    if (rule.operation !== undefined && rule.operation !== operation) return false;
    if (rule.key !== undefined && !name.startsWith(rule.key)) return false;
    if (rule.page !== undefined && rule.page !== page) return false;
    const fitted = this.#fitted[at] ?? 0;
    this.#fitted[at] = fitted + 1;
    const { skip = 0, times = Number.POSITIVE_INFINITY, rate = 1 } = rule;
    const hits = this.#hits[at] ?? 0;
    if (rule.allowedPerSecond !== undefined && this.#countSecond(at) <= rule.allowedPerSecond) return false;
    if (fitted < skip || hits >= times || (rate < 1 && this.#random() >= rate)) return false;
    this.#hits[at] = hits + 1;
    return true;
  }

  /** How many requests have fitted a rule in this second. */
  #countSecond(at: number): number {
    const second = Math.floor(performance.now() / 1000);
    const counted = this.#seconds[at];
    const count = counted?.second === second ? counted.count + 1 : 1;
    this.#seconds[at] = { second, count };
    return count;
  }

  /** Which page of its listing a request asks for; null where it is for none. */
  #turnPage(request: S3Request, operation: string | null): number | null {
    if (operation === null || !operation.startsWith('ListObject')) return null;
    const of = listingOf(request);
    const place = PLACE_PARAMETERS.map((name) => parameter(request, name) ?? '').join('\n');
    const last = this.#listings.get(of);
    // The same place again is the same page, asked for once more.
    if (last !== undefined && last.place === place) return last.page;
    const first = place.trim() === '';
    const page = first ? 1 : (last?.page ?? 0) + 1;
    if (this.#listings.size >= MOST_LISTINGS) this.#listings.clear();
    this.#listings.set(of, { place, page, document: null, before: first ? null : (last?.document ?? null) });
    return page;
  }
}

function listingOf(request: S3Request): string {
  const query = request.query.filter(([name]) => !PLACE_PARAMETERS.includes(name));
  return JSON.stringify([request.bucket, query.map((pair) => pair.join('=')).toSorted()]);
}

/** Numbers from 0 up to 1 that are the same for the same seed ("mulberry32"). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
