import type { Metadata } from 'next';
import { NotFound } from '#components/not-found.tsx';

export const metadata: Metadata = { title: 'Page not found' };

export default function PortalNotFoundPage() {
  return <NotFound />;
}
