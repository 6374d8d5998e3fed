import { CopyButton } from '#components/ui/copy-button.tsx';

/** Commands to copy: what they are for, and the text, which scrolls where it is long. */
export function CommandBlock({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="font-medium">{label}</h3>
        <CopyButton value={text} label={`Copy: ${label}`} variant="secondary">
          Copy
        </CopyButton>
      </div>
      <section
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
        tabIndex={0}
        className="max-h-72 overflow-auto rounded-control bg-sunken p-3"
      >
        <pre className="font-mono text-caption">{text}</pre>
      </section>
    </div>
  );
}
