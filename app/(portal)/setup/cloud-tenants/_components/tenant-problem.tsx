import { ProblemPanel } from '#components/problem-panel.tsx';
import type { Problem } from '#lib/core/problem.ts';
import type { TenantKind } from '#lib/domain/tenants/model.ts';
import type { TenantDetails } from '#lib/domain/tenants/queries.ts';
import { checkAgainAction, reconnectTenantAction } from '../actions.ts';
import { ActionForm } from './action-form.tsx';

/** Why a tenant is not, or not fully, connected, with the ways to mend it; nothing where all is well. */
export function TenantProblem({
  tenant: { tenantId, kind, status, problem },
  mayChange,
}: {
  readonly tenant: Pick<TenantDetails, 'tenantId' | 'status'> & {
    readonly kind: TenantKind;
    readonly problem: Problem | undefined;
  };
  readonly mayChange: boolean;
}) {
  if (!problem) return null;
  const fields = { tenantId };
  return (
    <ProblemPanel
      problem={problem}
      tone={status === 'cannot_connect' ? 'danger' : 'warning'}
      actions={
        mayChange ? (
          <>
            <ActionForm
              action={reconnectTenantAction}
              fields={fields}
              label={kind === 'azure' ? 'Sign in again' : 'Approve again'}
            />
            {kind === 'office365' ? (
              <ActionForm action={checkAgainAction} fields={fields} label="Check again" />
            ) : null}
          </>
        ) : null
      }
    />
  );
}
