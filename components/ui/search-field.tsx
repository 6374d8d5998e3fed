import { Search } from 'lucide-react';
import { type InputHTMLAttributes, useId } from 'react';
import { classNames } from './class-names.ts';
import { CONTROL_CLASS } from './field.tsx';

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
      <Search aria-hidden className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-muted" />
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
