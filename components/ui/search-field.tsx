import * as search from 'lucide-react/icons/search';
import { type InputHTMLAttributes, useId } from 'react';
import { classNames } from './class-names.ts';
import { CONTROL_CLASS } from './field.tsx';
import { GlyphIcon, glyphOf } from './glyph.tsx';

const SEARCH = glyphOf(search);

/**
 * A search box whose accessible name is `label`. It stands in a GET form (see `FilterBar`), so that Enter searches
 * and the address holds the search.
 */
export function SearchField({
  label,
  name = 'q',
  className,
  ...rest
}: { readonly label: string } & Omit<InputHTMLAttributes<HTMLInputElement>, 'children' | 'type'>) {
  const id = useId();
  return (
    <span className={classNames('relative block', className ?? 'w-full sm:w-72')}>
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <GlyphIcon
        shapes={SEARCH}
        className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-muted"
      />
      <input
        placeholder={label}
        autoComplete="off"
        spellCheck={false}
        {...rest}
        id={id}
        name={name}
        type="search"
        className={classNames(CONTROL_CLASS, 'pl-8.5')}
      />
    </span>
  );
}
