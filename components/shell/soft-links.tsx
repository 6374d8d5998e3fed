'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

/**
 * Draws nothing: the links of what is written as text, and those with `data-soft`, lead to their page without loading
 * the portal anew. With `data-soft="keep"` the page stays where it is scrolled to.
 */
export function SoftLinks() {
  const router = useRouter();
  useEffect(() => {
    const follow = (event: MouseEvent) => {
      const isPlain =
        event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
      if (!isPlain || event.defaultPrevented || !(event.target instanceof Element)) return;
      const link = event.target.closest('.html-rows a, a[data-soft]');
      const href = link?.getAttribute('href');
      if (!link || !href) return;
      event.preventDefault();
      router.push(href, { scroll: link.getAttribute('data-soft') !== 'keep' });
    };
    document.addEventListener('click', follow);
    return () => document.removeEventListener('click', follow);
  }, [router]);
  return null;
}
