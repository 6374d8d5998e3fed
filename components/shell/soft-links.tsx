'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

/** Draws nothing: the links of rows that are written as text lead to their page without loading the portal anew. */
export function SoftLinks() {
  const router = useRouter();
  useEffect(() => {
    const follow = (event: MouseEvent) => {
      const isPlain =
        event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
      if (!isPlain || event.defaultPrevented || !(event.target instanceof Element)) return;
      const href = event.target.closest('.html-rows a')?.getAttribute('href');
      if (!href) return;
      event.preventDefault();
      router.push(href);
    };
    document.addEventListener('click', follow);
    return () => document.removeEventListener('click', follow);
  }, [router]);
  return null;
}
