'use client';

import { UnexpectedError } from '#components/unexpected-error.tsx';

export default function PortalErrorPage(props: { readonly error: unknown; readonly retry: () => void }) {
  return <UnexpectedError {...props} />;
}
