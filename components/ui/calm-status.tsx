'use client';

import { useEffect, useRef, useState } from 'react';

/** Screen readers would otherwise never come to an end. */
const PAUSE_MS = 5000;

/**
 * A sentence about what goes on, which may change at any time. It is read out politely, at most every five seconds and
 * ending with the last one; what is seen is always the present one.
 */
export function CalmStatus({ text, className }: { readonly text: string; readonly className?: string }) {
  const [said, setSaid] = useState(text);
  const saidAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (text === said) return;
    const say = () => {
      saidAt.current = performance.now();
      setSaid(text);
    };
    const timer = setTimeout(say, Math.max(0, saidAt.current + PAUSE_MS - performance.now()));
    return () => clearTimeout(timer);
  }, [text, said]);
  return (
    <>
      <p aria-hidden className={className}>
        {text}
      </p>
      <p role="status" className="sr-only">
        {said}
      </p>
    </>
  );
}
