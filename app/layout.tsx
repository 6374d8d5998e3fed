import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { THEME_COOKIE, toTheme } from '#components/shell/theme.ts';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Cloud Tenant Setup', template: '%s · Cloud Tenant Setup' },
  description: 'Connect Microsoft tenants, import their users and licences, and see what they use.',
  robots: { index: false, follow: false },
};

export const viewport: Viewport = { colorScheme: 'light dark' };

/** The document: its language, and the theme that this reader chose, so that the first paint is already right. */
export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const theme = toTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html lang="en" data-theme={theme === 'system' ? undefined : theme}>
      <body>{children}</body>
    </html>
  );
}
