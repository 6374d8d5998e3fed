import Link from 'next/link';
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

/**
 * A link within text or a table. Not fetched ahead: a list of fifty would ask the server for fifty pages that nobody
 * may open.
 */
export function TextLink({ className, ...rest }: ComponentProps<typeof Link>) {
  return <Link prefetch={false} {...rest} className={classNames('link', className)} />;
}
