import * as chevronsUpDown from 'lucide-react/icons/chevrons-up-down';
import * as menu from 'lucide-react/icons/menu';
import * as x from 'lucide-react/icons/x';
import type { ReactNode } from 'react';
import { buttonClass } from '../ui/button-class.ts';
import { GlyphIcon, glyph, glyphOf } from '../ui/glyph.tsx';
import { filledWith, type Html, html } from '../ui/html.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { ToastRegion } from '../ui/toast-region.tsx';
import { LogoMark } from './logo.tsx';
import { NAVIGATION } from './navigation.ts';
import { NavigationLink } from './navigation-link.tsx';
import { ShellKeys } from './shell-keys.tsx';
import { SoftLinks } from './soft-links.tsx';
import type { Theme } from './theme.ts';
import { type FormTarget, UserMenu } from './user-menu.tsx';

const DRAWER = 'main-menu';
const USER_MENU = 'user-menu';
const CONTENT = 'content';

const MENU = glyphOf(menu);
const CLOSE = glyphOf(x);
const UNFOLD = glyphOf(chevronsUpDown);

/** The first letters of the first and the last word of a name. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words.at(0), words.length > 1 ? words.at(-1) : undefined].map((word) =>
    word ? ([...word][0] ?? '') : '',
  );
  return letters.join('').toLocaleUpperCase('en-US');
}

/** A picture: its letters are no text, so that a button with it alone is not called by them. */
const avatar = (name: string): Html =>
  html`<span aria-hidden="true" data-initials="${initials(name)}" class="before:content-[attr(data-initials)] flex size-7 shrink-0 items-center justify-center rounded-full bg-accent-soft font-medium text-accent-ink text-caption"></span>`;

const BAR_BUTTON = buttonClass('ghost', 'medium', 'size-10! px-0!');
const PERSON_BUTTON = buttonClass('ghost', 'medium', 'h-11! w-full justify-start! px-2!');

const SKIP_LINK = html`<a href="#${CONTENT}" class="${buttonClass('primary', 'medium', 'fixed top-3 left-3 z-50 not-focus:sr-only')}">Skip to content</a>`;

/** What stands on top of small screens. */
const bar = (organizationName: string, personName: string): Html =>
  html`<header class="sticky top-0 z-30 flex h-14 items-center gap-2 border-line border-b bg-sunken px-2 lg:hidden"><button type="button" popovertarget="${DRAWER}" aria-label="Open menu" class="${BAR_BUTTON}">${glyph(MENU, 'size-5')}</button><span class="min-w-0 flex-1 truncate font-medium">${organizationName}</span><button type="button" popovertarget="${USER_MENU}" aria-label="User menu: ${personName}" class="${BAR_BUTTON}">${avatar(personName)}</button></header>`;

const organization = (name: string): Html =>
  html`<span class="truncate font-semibold" title="${name}">${name}</span><span class="truncate text-caption text-muted">Cloud Tenant Setup</span>`;

const person = (name: string, role: string): Html =>
  html`<button type="button" popovertarget="${USER_MENU}" class="${PERSON_BUTTON}">${avatar(name)}<span class="flex min-w-0 flex-1 flex-col items-start leading-tight"><span class="max-w-full truncate">${name}</span><span class="font-normal text-caption text-muted">${role}</span></span><span class="sr-only">User menu</span>${glyph(UNFOLD, 'size-4 text-muted')}</button>`;

/**
 * The frame of every signed-in page: menu on the left (a drawer on small screens), the organization on top, the
 * person at its foot, and the page in `<main>`. Menu, drawer and user menu work without any script of ours: the
 * drawer and the user menu are the browser's own popovers. What never changes by itself is written as text.
 */
export function PortalShell({
  organizationName,
  personName,
  personRole,
  theme,
  themeAction,
  signOutAction,
  children,
}: {
  readonly organizationName: string;
  readonly personName: string;
  /** As shown to people: "Owner", "Admin" or "Viewer". */
  readonly personRole: string;
  readonly theme: Theme;
  /** Receives a form with `theme`: system, light or dark. */
  readonly themeAction: FormTarget;
  /** The address a sign-out form posts to, or the server action it calls. */
  readonly signOutAction: FormTarget;
  readonly children: ReactNode;
}) {
  return (
    <div className="min-h-dvh lg:pl-60">
      <div className="contents" {...filledWith([SKIP_LINK, bar(organizationName, personName)])} />
      <nav
        id={DRAWER}
        popover="auto"
        aria-label="Main"
        className="fixed inset-y-0 left-0 z-30 m-0 h-dvh max-h-none w-72 max-w-[85vw] flex-col border-line border-r bg-sunken text-ink backdrop:bg-scrim open:flex lg:flex lg:w-60"
      >
        <div className="flex h-14 shrink-0 items-center gap-2.5 px-4">
          <LogoMark className="size-6 shrink-0" />
          <div
            className="flex min-w-0 flex-1 flex-col leading-tight"
            {...filledWith([organization(organizationName)])}
          />
          <span className="lg:hidden">
            <IconButton
              label="Close menu"
              icon={<GlyphIcon shapes={CLOSE} className="size-5" />}
              tooltipSide="bottom"
              popoverTarget={DRAWER}
              popoverTargetAction="hide"
            />
          </span>
        </div>
        <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-y-auto px-2 py-3">
          {NAVIGATION.map((group) => (
            <div key={group.label} className="flex flex-col gap-0.5">
              <span className="px-2.5 pb-1 text-caption text-muted">{group.label}</span>
              <ul className="flex flex-col gap-0.5">
                {group.items.map(({ label, href, icon }) => (
                  <li key={href}>
                    <NavigationLink href={href}>
                      <GlyphIcon shapes={icon} className="size-4 shrink-0" />
                      {label}
                    </NavigationLink>
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </div>
        <div
          className="hidden shrink-0 border-line border-t p-2 lg:block"
          {...filledWith([person(personName, personRole)])}
        />
      </nav>
      <UserMenu
        id={USER_MENU}
        personName={personName}
        personRole={personRole}
        organizationName={organizationName}
        theme={theme}
        themeAction={themeAction}
        signOutAction={signOutAction}
      />
      <main
        id={CONTENT}
        tabIndex={-1}
        className="mx-auto flex w-full max-w-360 flex-col gap-6 px-4 py-6 focus:outline-none sm:px-6 lg:px-8 lg:py-8"
      >
        {children}
      </main>
      <ToastRegion />
      <SoftLinks />
      <ShellKeys drawerId={DRAWER} menuId={USER_MENU} />
    </div>
  );
}
