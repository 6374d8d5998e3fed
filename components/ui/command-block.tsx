import { CopyButton } from './copy-button.tsx';

/** Commands to copy: what they are for, and the text, which scrolls where it is long. */
export function CommandBlock({
  label,
  about,
  copyLabel = 'Copy',
  text,
}: {
  /** What they are written in, or what they do. */
  readonly label: string;
  /** What they are about, where a page has several of the same label. */
  readonly about?: string;
  /** The words of the button. */
  readonly copyLabel?: string;
  readonly text: string;
}) {
  const name = about ? `${label}: ${about}` : label;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="font-medium">{label}</h3>
        <CopyButton value={text} label={`Copy: ${name}`} variant="secondary">
          {copyLabel}
        </CopyButton>
      </div>
      <section
        aria-label={name}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
        tabIndex={0}
        className="max-h-72 overflow-auto rounded-control bg-sunken p-3"
      >
        <pre className="font-mono text-caption">{text}</pre>
      </section>
    </div>
  );
}
