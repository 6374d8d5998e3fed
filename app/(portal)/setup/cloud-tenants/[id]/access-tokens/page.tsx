import { KeyRound } from 'lucide-react';
import type { Metadata } from 'next';
import { Callout } from '#components/ui/callout.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { loadAzureTenant, type TenantPageProps, tabTitle } from '../tenant.ts';

export const generateMetadata = (props: TenantPageProps): Promise<Metadata> =>
  tabTitle(props, 'Access Tokens');

export default async function AccessTokensPage({ params }: TenantPageProps) {
  await loadAzureTenant((await params).id);
  return (
    <>
      <Callout tone="info" title="Microsoft has retired these keys">
        <p>
          Access tokens were the keys of the Enterprise Agreement reporting API. Microsoft switched that API
          off on 1 May 2024; costs of an enrollment now come from an Azure role on the enrollment itself.
        </p>
      </Callout>
      <EmptyState icon={KeyRound} title="No access token is kept for this tenant">
        <p>Nothing that this portal shows today needs one.</p>
      </EmptyState>
    </>
  );
}
