import type { ReactNode } from 'react';
import { PublicFrame } from '#components/shell/public-frame.tsx';
import { TextLink } from '#components/ui/text-link.tsx';

/**
 * The frame of the help. It asks for no session and so needs no database: who reads here may be stuck because one of
 * them fails.
 */
export default function HelpLayout({ children }: { readonly children: ReactNode }) {
  return (
    <PublicFrame wide headerLink={<TextLink href="/">Go to the portal</TextLink>}>
      {children}
    </PublicFrame>
  );
}
