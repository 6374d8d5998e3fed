import * as check from 'lucide-react/icons/check';
import * as circleHelp from 'lucide-react/icons/circle-question-mark';
import * as logOut from 'lucide-react/icons/log-out';
import * as monitor from 'lucide-react/icons/monitor';
import * as moon from 'lucide-react/icons/moon';
import * as sun from 'lucide-react/icons/sun';
import { ERRORS_PATH } from '#lib/core/problem-help.ts';
import { buttonClass } from '../ui/button-class.ts';
import { type Glyph, glyph, glyphOf } from '../ui/glyph.tsx';
import { filledWith, type Html, html } from '../ui/html.ts';
import type { Theme } from './theme.ts';

export type FormTarget = string | ((formData: FormData) => void | Promise<void>);

const THEMES: readonly { readonly value: Theme; readonly label: string; readonly icon: Glyph }[] = [
  { value: 'system', label: 'System', icon: glyphOf(monitor) },
  { value: 'light', label: 'Light', icon: glyphOf(sun) },
  { value: 'dark', label: 'Dark', icon: glyphOf(moon) },
];

const CHOSEN = glyph(glyphOf(check), 'size-4 text-accent-ink');

const ENTRY = buttonClass('ghost', 'small', 'h-8! justify-start font-normal text-body!');
const ENTRY_ICON = 'size-4 text-muted';

const themeWords = ({ value, label, icon }: (typeof THEMES)[number], chosen: Theme): Html =>
  html`${glyph(icon, ENTRY_ICON)}<span class="flex-1 text-left">${label}</span>${value === chosen && CHOSEN}`;

const HELP_LINK = html`<a href="${ERRORS_PATH}" data-soft="" class="${ENTRY}">${glyph(glyphOf(circleHelp), ENTRY_ICON)}Help with errors</a>`;

const SIGN_OUT = html`<button type="submit" class="${ENTRY}">${glyph(glyphOf(logOut), ENTRY_ICON)}Sign out</button>`;

const whoOneIs = (name: string, role: string, organization: string): Html =>
  html`<span class="truncate font-medium">${name}</span><span class="truncate text-muted text-small">${role} · ${organization}</span>`;

/** The popover of the person who is signed in: who one is, which theme, and the way out. */
export function UserMenu({
  id,
  personName,
  personRole,
  organizationName,
  theme,
  themeAction,
  signOutAction,
}: {
  /** The id that the buttons which open it name in `popoverTarget`. */
  readonly id: string;
  readonly personName: string;
  readonly personRole: string;
  readonly organizationName: string;
  readonly theme: Theme;
  readonly themeAction: FormTarget;
  readonly signOutAction: FormTarget;
}) {
  return (
    <section
      id={id}
      popover="auto"
      aria-label="User menu"
      className="inset-auto top-14 right-3 m-0 w-64 rounded-card bg-raised p-1.5 text-ink shadow-popover lg:top-auto lg:bottom-16 lg:left-3"
    >
      <div
        className="flex flex-col px-2.5 pt-1.5 pb-2.5"
        {...filledWith([whoOneIs(personName, personRole, organizationName)])}
      />
      <form action={themeAction} className="flex flex-col border-line border-t py-1.5">
        <span className="px-2.5 py-1 text-caption text-muted">Theme</span>
        {THEMES.map((one) => (
          // An element each, so that the chosen one keeps the focus.
          <button
            key={one.value}
            type="submit"
            name="theme"
            value={one.value}
            aria-pressed={one.value === theme}
            className={ENTRY}
            {...filledWith([themeWords(one, theme)])}
          />
        ))}
      </form>
      <div className="flex flex-col border-line border-t py-1.5" {...filledWith([HELP_LINK])} />
      <form
        action={signOutAction}
        method={typeof signOutAction === 'string' ? 'post' : undefined}
        className="flex flex-col border-line border-t pt-1.5"
      >
        <div className="contents" {...filledWith([SIGN_OUT])} />
      </form>
    </section>
  );
}
