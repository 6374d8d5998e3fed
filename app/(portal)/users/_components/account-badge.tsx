import { CircleCheck, CircleHelp, CircleSlash, type LucideIcon } from 'lucide-react';
import * as circleCheck from 'lucide-react/icons/circle-check';
import * as circleHelp from 'lucide-react/icons/circle-question-mark';
import * as circleSlash from 'lucide-react/icons/circle-slash';
import { glyphOf } from '#components/ui/glyph.tsx';
import { filledWith, type Html, html } from '#components/ui/html.ts';
import { badgeClass, StatusBadge, type StatusTone } from '#components/ui/status-badge.tsx';

/** A state of an account, with its badge for the rows of a list. */
const look = (id: string, word: string, tone: StatusTone, icon: LucideIcon, module: object) => ({
  word,
  tone,
  icon,
  symbol: html`<symbol id="${id}" viewBox="0 0 24 24" class="glyph">${glyphOf(module)}</symbol>`,
  badge: html`<span class="${badgeClass(tone)}"><svg aria-hidden="true" class="size-3.5 shrink-0"><use href="#${id}"/></svg>${word}</span>`,
});

const NOT_STATED = look('account-unknown', 'Not stated', 'neutral', CircleHelp, circleHelp);
const ENABLED = look('account-enabled', 'Enabled', 'success', CircleCheck, circleCheck);
const DISABLED = look('account-disabled', 'Disabled', 'neutral', CircleSlash, circleSlash);

const lookOf = (isEnabled: boolean | null) =>
  isEnabled === null ? NOT_STATED : isEnabled ? ENABLED : DISABLED;

/** Whether somebody can sign in with the account. */
export function AccountBadge({ isEnabled }: { readonly isEnabled: boolean | null }) {
  const { word, tone, icon } = lookOf(isEnabled);
  return <StatusBadge word={word} tone={tone} icon={icon} />;
}

/** The same for the rows of a list; the page has `AccountIcons` once. */
export const accountBadge = (isEnabled: boolean | null): Html => lookOf(isEnabled).badge;

const SYMBOLS = [NOT_STATED, ENABLED, DISABLED].map(({ symbol }) => symbol);

/** What the badges of a list are drawn from. */
export function AccountIcons() {
  return <svg aria-hidden className="absolute size-0" {...filledWith(SYMBOLS)} />;
}
