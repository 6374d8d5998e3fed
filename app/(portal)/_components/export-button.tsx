import * as download from 'lucide-react/icons/download';
import { Button } from '#components/ui/button.tsx';
import { GlyphIcon, glyphOf } from '#components/ui/glyph.tsx';

const DOWNLOAD = glyphOf(download);

/** Downloads a list as it is filtered now. A form of the browser's own: it works before any script has arrived. */
export function ExportButton({
  action,
  fields,
  label = 'Export CSV',
}: {
  /** The address of the file. */
  readonly action: string;
  /** What filters the list. */
  readonly fields: Readonly<Record<string, string | undefined>>;
  readonly label?: string;
}) {
  return (
    <form action={action} method="get">
      {Object.entries(fields).map(([name, value]) =>
        value === undefined ? null : <input key={name} type="hidden" name={name} value={value} />,
      )}
      <Button type="submit" icon={<GlyphIcon shapes={DOWNLOAD} className="size-4" />}>
        {label}
      </Button>
    </form>
  );
}
