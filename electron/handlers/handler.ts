import { z } from 'zod';
import type { EventMessage } from '../../shared/bridge.ts';
import type { Answer, Args, Channel } from '../../shared/contract.ts';
import { describeIssue } from '../store/describe-issue.ts';

/** What a handler knows of the call besides its arguments. */
export interface CallContext {
  /** Aborted when the caller cancels, goes away, or the application closes. */
  readonly signal: AbortSignal;
  readonly client: ClientScope;
}

/** Things that a client holds open and that are let go when it goes away. */
export interface ClientScope {
  /** Released at once where the client is gone already. */
  hold(name: string, release: () => Promise<void>): void;
  /** Released by the client itself. */
  drop(name: string): void;
}

export interface Handler<C extends Channel> {
  /** Whether arguments that came from outside are well formed. */
  check(args: unknown): CheckedArgs<Args<C>>;
  /** JSON Schema of the arguments. */
  describeArgs(): Readonly<Record<string, unknown>>;
  run(args: Args<C>, context: CallContext): Promise<Answer<C>>;
}

export type CheckedArgs<T> =
  | { readonly ok: true; readonly args: T }
  /** `path` such as `connection.name`; `reason` is the end of a sentence that begins with it. */
  | { readonly ok: false; readonly path: string; readonly reason: string };

/** One for each channel of the contract: a missing one does not compile. */
export type Handlers = { readonly [C in Channel]: Handler<C> };

export type Emit = (event: EventMessage) => void;

/**
 * A handler of one channel. It does not compile where the schema knows a member that the contract does not, lacks one
 * that the contract has, or lets a value through that the contract does not (a bare `z.ZodType<Args>` would accept a
 * schema that forgets an optional member, and strict objects would then refuse it at run time).
 */
export function handle<C extends Channel, S extends z.ZodType<Args<C>>>(
  _channel: C,
  schema: S & (Fits<z.output<S>, Args<C>> extends true ? unknown : SchemaDoesNotFitTheContract),
  run: (args: Args<C>, context: CallContext) => Promise<Answer<C>>,
): Handler<C> {
  return {
    check: (args) => {
      const parsed = schema.safeParse(args);
      return parsed.success ? { ok: true, args: parsed.data } : { ok: false, ...describeIssue(parsed.error) };
    },
    // A check that JSON Schema has no words for is left out: this is a description, `check` decides.
    describeArgs: () => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
    run,
  };
}

interface SchemaDoesNotFitTheContract {
  readonly schemaDoesNotFitTheContract: never;
}

type Fits<Output, Wanted> = Both<Same<Writable<Output>, Writable<Wanted>>, Same<Full<Output>, Full<Wanted>>>;
type Both<A, B> = A extends true ? B : false;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

type Writable<T> = T extends object ? { -readonly [K in keyof T]: Writable<T[K]> } : T;
/** All members required: two types that differ by an optional member are assignable both ways without this. */
type Full<T> = T extends object ? { -readonly [K in keyof T]-?: Full<Exclude<T[K], undefined>> } : T;
