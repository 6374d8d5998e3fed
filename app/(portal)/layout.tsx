import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { chooseTheme } from '#app/choose-theme.ts';
import { signOutAction } from '#app/sign-out.ts';
import { PortalShell } from '#components/shell/portal-shell.tsx';
import { THEME_COOKIE, toTheme } from '#components/shell/theme.ts';
import { requireMember } from '#lib/auth/member.ts';

const ROLE_WORDS = { owner: 'Owner', admin: 'Admin', viewer: 'Viewer' } as const;

/** The frame of all signed-in pages. Each page asks for its member itself: a layout is not drawn again for each. */
export default async function PortalLayout({ children }: { readonly children: ReactNode }) {
  const { actor, organizationName } = await requireMember();
  return (
    <PortalShell
      organizationName={organizationName}
      personName={actor.displayName}
      personRole={ROLE_WORDS[actor.portalRole]}
      theme={toTheme((await cookies()).get(THEME_COOKIE)?.value)}
      themeAction={chooseTheme}
      signOutAction={signOutAction}
    >
      {children}
    </PortalShell>
  );
}
