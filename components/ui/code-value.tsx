import { CopyButton } from './copy-button.tsx';

/** An id in the fixed-width face, with a button that copies it. `name` says what it is, such as "tenant ID". */
export function CodeValue({ value, name }: { readonly value: string; readonly name: string }) {
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <code className="whitespace-nowrap font-mono text-caption text-muted max-sm:whitespace-normal max-sm:break-all">
        {value}
      </code>
      <CopyButton value={value} label={`Copy ${name}`} />
    </span>
  );
}
