'use client';

import { PublicFrame } from '#components/shell/public-frame.tsx';
import { UnexpectedError } from '#components/unexpected-error.tsx';
import './globals.css';

/** Takes the place of the whole document when even the root layout failed; follows the device's theme. */
export default function GlobalErrorPage(props: { readonly error: unknown; readonly retry: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>This page could not be shown · Cloud Tenant Setup</title>
        <PublicFrame>
          <UnexpectedError {...props} />
        </PublicFrame>
      </body>
    </html>
  );
}
