import { lazy, Suspense, type ComponentType, type ReactNode } from 'react';

export interface LazyStandIns {
  /** Until the script is here. */
  readonly coming?: ReactNode;
  /** Where it does not come. */
  readonly missing?: ReactNode;
}

/** A component whose script comes when it is first shown, because it is large and most of what people do needs none of it. */
export function lazily<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  { coming = null, missing = null }: LazyStandIns = {},
): ComponentType<Props> {
  const Loaded = lazy(async (): Promise<{ default: ComponentType<Props> }> => {
    try {
      return { default: await load() };
    } catch (error) {
      // The browser host may be gone by now. Thrown on, this would take the whole page down.
      console.warn('A part of the page could not be loaded', error);
      return { default: () => missing };
    }
  });
  return (props) => (
    <Suspense fallback={coming}>
      <Loaded {...props} />
    </Suspense>
  );
}
