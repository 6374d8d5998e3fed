'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { type ButtonSize, type ButtonVariant, buttonClass } from './button-class.ts';
import { Tooltip } from './tooltip.tsx';

const CONFIRMATION_MS = 2000;

/**
 * Copies `value`. With `children` it is a button with words, without them an icon whose name is `label`. Says
 * "Copied" to everyone, also to screen readers; where the browser refuses, nothing is claimed.
 */
export function CopyButton({
  value,
  label,
  variant = 'ghost',
  size = 'small',
  children,
}: {
  readonly value: string;
  /** Such as "Copy tenant ID". */
  readonly label: string;
  readonly variant?: ButtonVariant;
  readonly size?: ButtonSize;
  readonly children?: string;
}) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), CONFIRMATION_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = () =>
    navigator.clipboard.writeText(value).then(
      () => setCopied(true),
      () => setCopied(false),
    );

  const icon = copied ? (
    <Check aria-hidden className="size-3.5 text-success" />
  ) : (
    <Copy aria-hidden className="size-3.5" />
  );
  const announcement = (
    <span role="status" className="sr-only">
      {copied ? 'Copied' : ''}
    </span>
  );
  if (children) {
    return (
      <>
        <button type="button" onClick={copy} className={buttonClass(variant, size)}>
          {icon}
          {children}
        </button>
        {announcement}
      </>
    );
  }
  return (
    <>
      <Tooltip text={copied ? 'Copied' : label}>
        <button
          type="button"
          aria-label={label}
          onClick={copy}
          className={buttonClass(variant, 'small', 'h-6! w-6 px-0! text-muted')}
        >
          {icon}
        </button>
      </Tooltip>
      {announcement}
    </>
  );
}
