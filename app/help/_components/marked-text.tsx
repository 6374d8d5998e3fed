/** A text of the catalogue; what stands in backticks is drawn as code. */
export function MarkedText({ text }: { readonly text: string }) {
  return text.split('`').map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never change their places.
      <code key={index} className="break-words rounded-small bg-sunken px-1 py-0.5 font-mono text-caption">
        {part}
      </code>
    ) : (
      part
    ),
  );
}
