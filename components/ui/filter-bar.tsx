'use client';

import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import { type FormEvent, type ReactNode, useEffect, useRef, useState, useTransition } from 'react';
import { buttonClass } from './button-class.ts';
import { filterQuery } from './filter-query.ts';

const TYPING_PAUSE_MS = 350;

/**
 * One row of filters over a list. The address holds them all: a choice applies at once, a search when one pauses or
 * presses Enter, and before any script has arrived the form simply submits. What is not filled in is not in the address, and a
 * changed filter begins at the first page.
 */
export function FilterBar({
  label,
  path,
  keep = {},
  clearHref,
  summary,
  children,
}: {
  /** The name of the form: "Filter users". */
  readonly label: string;
  /** The page itself, without a query. */
  readonly path: string;
  /** What else stays in the address, such as the order. Not the place in the list. */
  readonly keep?: Readonly<Record<string, string | undefined>>;
  /** Leads to the list without filters; only while there are any. */
  readonly clearHref?: string;
  /** How much the filters leave: "1,204 of 84,310 users". Announced when it changes. */
  readonly summary?: ReactNode;
  /** `SearchField`, `SelectField labelHidden`, `Checkbox`, each with a `name` and its value as `defaultValue`. */
  readonly children: ReactNode;
}) {
  const router = useRouter();
  const current = useSearchParams().toString();
  const [pending, startTransition] = useTransition();
  const form = useRef<HTMLFormElement>(null);
  const typing = useRef<ReturnType<typeof setTimeout>>(undefined);
  const submitted = useRef(current);
  const [generation, setGeneration] = useState(0);

  // The fields are the browser's own: when the address changes by another way (a link, Back), they are made anew.
  useEffect(() => {
    if (submitted.current === current) return;
    submitted.current = current;
    setGeneration((before) => before + 1);
  }, [current]);

  useEffect(() => () => clearTimeout(typing.current), []);

  const apply = () => {
    clearTimeout(typing.current);
    if (!form.current) return;
    const query = filterQuery(new FormData(form.current));
    if (query === submitted.current) return;
    submitted.current = query;
    startTransition(() => router.replace(query ? `${path}?${query}` : path, { scroll: false }));
  };
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    apply();
  };
  const onChange = (event: FormEvent<HTMLFormElement>) => {
    clearTimeout(typing.current);
    const isTyping = event.target instanceof HTMLInputElement && event.target.type === 'search';
    if (isTyping) typing.current = setTimeout(apply, TYPING_PAUSE_MS);
    else apply();
  };

  return (
    <search className="flex flex-wrap items-center gap-2" aria-busy={pending || undefined}>
      <form
        key={generation}
        ref={form}
        action={path}
        aria-label={label}
        onSubmit={onSubmit}
        onChange={onChange}
        className="contents"
      >
        {Object.entries(keep).map(([name, value]) =>
          value === undefined ? null : <input key={name} type="hidden" name={name} value={value} />,
        )}
        {children}
        <noscript>
          <button type="submit" className={buttonClass('secondary')}>
            Apply
          </button>
        </noscript>
      </form>
      {clearHref ? (
        <Link href={clearHref} scroll={false} prefetch={false} className={buttonClass('ghost')}>
          Clear filters
        </Link>
      ) : null}
      {summary ? (
        <p
          role="status"
          className={pending ? 'ml-auto text-muted opacity-55' : 'ml-auto text-muted tabular-nums'}
        >
          {summary}
        </p>
      ) : null}
    </search>
  );
}
