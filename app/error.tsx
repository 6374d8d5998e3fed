'use client';

import { PublicFrame } from '#components/shell/public-frame.tsx';
import { UnexpectedError } from '#components/unexpected-error.tsx';

export default function ErrorPage(props: { readonly error: unknown; readonly retry: () => void }) {
  return (
    <PublicFrame>
      <UnexpectedError {...props} />
    </PublicFrame>
  );
}
