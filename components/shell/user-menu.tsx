import { Check, CircleHelp, LogOut, Monitor, Moon, Sun } from 'lucide-react';
import Link from 'next/link';
import { ERRORS_PATH } from '#lib/core/problem-help.ts';
import { buttonClass } from '../ui/button-class.ts';
import type { Theme } from './theme.ts';

export type FormTarget = string | ((formData: FormData) => void | Promise<void>);

const THEMES = [
  { value: 'system', label: 'System', icon: Monitor },
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
] as const satisfies ReadonlyArray<{ value: Theme; label: string; icon: typeof Sun }>;

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
      <div className="flex flex-col px-2.5 pt-1.5 pb-2.5">
        <span className="truncate font-medium">{personName}</span>
        <span className="truncate text-muted text-small">
          {personRole} · {organizationName}
        </span>
      </div>
      <form action={themeAction} className="flex flex-col border-line border-t py-1.5">
        <span className="px-2.5 py-1 text-caption text-muted">Theme</span>
        {THEMES.map(({ value, label, icon: Icon }) => (
          <button
            key={value}
            type="submit"
            name="theme"
            value={value}
            aria-pressed={theme === value}
            className={buttonClass('ghost', 'small', 'h-8! justify-start font-normal text-body!')}
          >
            <Icon aria-hidden className="size-4 text-muted" />
            <span className="flex-1 text-left">{label}</span>
            {theme === value ? <Check aria-hidden className="size-4 text-accent-ink" /> : null}
          </button>
        ))}
      </form>
      <div className="flex flex-col border-line border-t py-1.5">
        <Link
          href={ERRORS_PATH}
          prefetch={false}
          className={buttonClass('ghost', 'small', 'h-8! justify-start font-normal text-body!')}
        >
          <CircleHelp aria-hidden className="size-4 text-muted" />
          Help with errors
        </Link>
      </div>
      <form
        action={signOutAction}
        method={typeof signOutAction === 'string' ? 'post' : undefined}
        className="flex flex-col border-line border-t pt-1.5"
      >
        <button
          type="submit"
          className={buttonClass('ghost', 'small', 'h-8! justify-start font-normal text-body!')}
        >
          <LogOut aria-hidden className="size-4 text-muted" />
          Sign out
        </button>
      </form>
    </section>
  );
}
