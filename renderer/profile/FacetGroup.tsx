import { useEffect, useEffectEvent, useRef, useState, type ReactNode } from 'react';
import type { FieldSummary } from '../../shared/page.ts';
import type { Counted, FieldFigures } from '../../shared/profile.ts';
import { useProfile } from '../api/search-queries.ts';

export interface FacetGroupProps {
  readonly result: string;
  readonly fields: readonly FieldSummary[];
  /** Its figures could not be read. */
  readonly onFailure: (error: unknown) => void;
  readonly children: (field: FieldSummary, figures: FieldFigures | undefined, records: Counted) => ReactNode;
}

const NONE: Counted = { found: 0, all: 0 };

/** Some facets whose figures are asked for in one call, once they come near to what is seen. */
export function FacetGroup({ result, fields, onFailure, children }: FacetGroupProps) {
  const place = useRef<HTMLDivElement>(null);
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const observer = new IntersectionObserver(([entry]) => setNear(entry?.isIntersecting === true), {
      root: element.parentElement,
      rootMargin: '160px',
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const { data, error, isPlaceholderData } = useProfile(
    isNear ? result : null,
    fields.map(({ path }) => path),
  );
  const fail = useEffectEvent(onFailure);
  useEffect(() => {
    if (error !== null) fail(error);
  }, [error]);
  return (
    <div ref={place} aria-busy={isNear && error === null && (data === undefined || isPlaceholderData)}>
      {fields.map((field, at) => children(field, data?.fields[at], data?.records ?? NONE))}
    </div>
  );
}
