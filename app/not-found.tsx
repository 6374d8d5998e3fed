import type { Metadata } from 'next';
import { NotFound } from '#components/not-found.tsx';
import { PublicFrame } from '#components/shell/public-frame.tsx';

export const metadata: Metadata = { title: 'Page not found' };

export default function NotFoundPage() {
  return (
    <PublicFrame>
      <NotFound />
    </PublicFrame>
  );
}
