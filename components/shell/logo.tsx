/** The sign of the product: two tenants under one roof line. Drawn in the accent colour. */
export function LogoMark({ className = 'size-6' }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={className}>
      <rect x="1" y="1" width="22" height="22" rx="6" className="fill-accent" />
      <path
        d="M5.5 15.2a2.9 2.9 0 0 1 .9-5.66 4.6 4.6 0 0 1 8.9-1.2"
        fill="none"
        strokeWidth="1.8"
        strokeLinecap="round"
        className="stroke-on-accent"
      />
      <rect x="9.2" y="11" width="4" height="6.2" rx="1.2" className="fill-on-accent" />
      <rect x="14.6" y="8.6" width="4" height="8.6" rx="1.2" className="fill-on-accent" />
    </svg>
  );
}

/** Sign and name side by side. */
export function Wordmark() {
  return (
    <span className="flex items-center gap-2.5">
      <LogoMark />
      <span className="font-semibold tracking-tight">Cloud Tenant Setup</span>
    </span>
  );
}
