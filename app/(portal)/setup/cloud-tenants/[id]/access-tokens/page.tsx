import { KeyRound } from 'lucide-react';
import type { Metadata } from 'next';
import { ProblemPanel } from '#components/problem-panel.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { Callout } from '#components/ui/callout.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { describeProblem } from '#lib/core/problem-text.ts';
import { listAccessTokens } from '#lib/domain/access-tokens/queries.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { enrollmentsPath } from '../../paths.ts';
import { loadAzureTenant, type TenantPageProps, tabTitle } from '../tenant.ts';
import { AccessTokenSection } from './_components/access-token-section.tsx';
import { AccessTokenTable } from './_components/access-token-table.tsx';

export const generateMetadata = (props: TenantPageProps): Promise<Metadata> =>
  tabTitle(props, 'Access Tokens');

export default async function AccessTokensPage({ params }: TenantPageProps) {
  const { tenantId, enrollmentNumber } = await loadAzureTenant((await params).id);
  const list = await listAccessTokens(await signedInContext(), { tenantId });
  if (!list.ok) return <ProblemPanel problem={list.problem} />;
  const { tokens, mayManage, isComplete } = list.value;
  return (
    <>
      <Callout
        tone="info"
        title="Microsoft retired these keys on 1 May 2024"
        actions={
          <ButtonLink href={enrollmentsPath(tenantId)} size="small">
            Go to Enrollments
          </ButtonLink>
        }
      >
        <p>
          Access tokens are the keys of the Enterprise Agreement reporting API. Costs of an enrollment now
          come by a role on the enrollment itself, which is set up on the Enrollments tab and does not expire.
        </p>
      </Callout>
      <AccessTokenSection
        tenantId={tenantId}
        enrollmentNumber={enrollmentNumber}
        mayManage={mayManage}
        unchecked={tokens.flatMap(({ accessTokenId, state, problem }) =>
          state === 'could_not_check' && problem
            ? [{ accessTokenId, problem, text: describeProblem(problem) }]
            : [],
        )}
      >
        {tokens.length === 0 ? (
          <EmptyState icon={KeyRound} title="No access token is kept for this tenant" headingLevel={3}>
            <p>
              {mayManage
                ? 'Add one if you still have a key. Nothing else in this portal needs one.'
                : 'An owner or admin of your organization can add one. Nothing else in this portal needs one.'}
            </p>
          </EmptyState>
        ) : (
          <AccessTokenTable tenantId={tenantId} tokens={tokens} mayManage={mayManage} />
        )}
        {isComplete ? null : <p className="text-muted text-small">Older access tokens are not shown.</p>}
      </AccessTokenSection>
    </>
  );
}
