/** A value that is not known: a dash, with the reason. Never a zero. */
export function Unknown({ reason }: { readonly reason: string }) {
  return (
    <span title={reason} className="text-muted">
      <span aria-hidden>—</span>
      <span className="sr-only">{reason}</span>
    </span>
  );
}
