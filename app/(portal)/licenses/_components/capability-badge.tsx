import * as circleCheck from 'lucide-react/icons/circle-check';
import * as circleAlert from 'lucide-react/icons/circle-exclamation-point';
import * as circleHelp from 'lucide-react/icons/circle-question-mark';
import * as circleSlash from 'lucide-react/icons/circle-slash';
import * as clock from 'lucide-react/icons/clock';
import { formatCount } from '#components/format.ts';
import { type Glyph, GlyphIcon, glyphOf } from '#components/ui/glyph.tsx';
import { badgeClass, type StatusTone } from '#components/ui/status-badge.tsx';

type Look = { readonly word: string; readonly tone: StatusTone; readonly icon: Glyph };

const SLASH = glyphOf(circleSlash);
const QUESTION = glyphOf(circleHelp);
const ALERT = glyphOf(circleAlert);

/** Microsoft's states of a SKU, in words. @see https://learn.microsoft.com/graph/api/resources/subscribedsku */
const LOOK: Readonly<Record<string, Look>> = {
  Enabled: { word: 'Enabled', tone: 'success', icon: glyphOf(circleCheck) },
  Warning: { word: 'In grace', tone: 'warning', icon: glyphOf(clock) },
  Suspended: { word: 'Suspended', tone: 'danger', icon: SLASH },
  LockedOut: { word: 'Locked out', tone: 'danger', icon: SLASH },
  Deleted: { word: 'Deleted', tone: 'neutral', icon: SLASH },
};

/** The state of a SKU; a word that is not known is shown as Microsoft sent it. */
export function CapabilityBadge({ status }: { readonly status: string }) {
  const known = Object.hasOwn(LOOK, status) ? LOOK[status] : undefined;
  const { word, tone, icon } = known ?? { word: status, tone: 'neutral', icon: QUESTION };
  return (
    <span className={badgeClass(tone)}>
      <GlyphIcon shapes={icon} className="size-3.5 shrink-0" />
      {word}
    </span>
  );
}

/** More is assigned than can be. */
export function OverAssigned({ units }: { readonly units: number }) {
  return (
    <span className="flex items-center gap-1.5 text-danger text-small">
      <GlyphIcon shapes={ALERT} className="size-3.5 shrink-0" />
      Over-assigned by {formatCount(units)}
    </span>
  );
}
