import { CircleCheck, CircleHelp, CircleSlash, type LucideIcon } from 'lucide-react';
import { type Html, html } from '#components/ui/html.ts';
import { badgeClass, StatusBadge, type StatusTone } from '#components/ui/status-badge.tsx';

type Look = {
  readonly id: string;
  readonly word: string;
  readonly tone: StatusTone;
  readonly icon: LucideIcon;
};

const NOT_STATED: Look = { id: 'account-unknown', word: 'Not stated', tone: 'neutral', icon: CircleHelp };
const ENABLED: Look = { id: 'account-enabled', word: 'Enabled', tone: 'success', icon: CircleCheck };
const DISABLED: Look = { id: 'account-disabled', word: 'Disabled', tone: 'neutral', icon: CircleSlash };

const lookOf = (isEnabled: boolean | null): Look =>
  isEnabled === null ? NOT_STATED : isEnabled ? ENABLED : DISABLED;

/** Whether somebody can sign in with the account. */
export function AccountBadge({ isEnabled }: { readonly isEnabled: boolean | null }) {
  const { word, tone, icon } = lookOf(isEnabled);
  return <StatusBadge word={word} tone={tone} icon={icon} />;
}

/** The same for the rows of a list; the page has `AccountIcons` once. */
export const accountBadge = (isEnabled: boolean | null): Html => BADGES[lookOf(isEnabled).id] ?? html``;

const BADGES: Readonly<Record<string, Html>> = Object.fromEntries(
  [NOT_STATED, ENABLED, DISABLED].map(({ id, word, tone }) => [
    id,
    html`<span class="${badgeClass(tone)}"><svg aria-hidden="true" class="size-3.5 shrink-0"><use href="#${id}"/></svg>${word}</span>`,
  ]),
);

/** What the badges of a list are drawn from. */
export function AccountIcons() {
  return (
    <svg aria-hidden className="absolute size-0">
      {[NOT_STATED, ENABLED, DISABLED].map(({ id, icon: Icon }) => (
        <symbol key={id} id={id} viewBox="0 0 24 24">
          <Icon />
        </symbol>
      ))}
    </svg>
  );
}
