'use client';

import { type ReactNode, useActionState, useEffect, useRef } from 'react';
import { type FormOutcome, FormProblem } from '#components/form-outcome.tsx';
import { Callout } from '#components/ui/callout.tsx';
import { SubmitButton } from '#components/ui/submit-button.tsx';
import type { FlowId, TenantId } from '#lib/core/ids.ts';
import { finishBillingSignInAction } from '../actions.ts';

/**
 * Does what a person has just signed in for, without asking again: they did before they left. By a form, since opening
 * an address must change nothing; without scripts its button does it.
 */
export function RunSignIn({
  tenantId,
  flowId,
  isActive,
  title,
  children,
}: {
  readonly tenantId: TenantId;
  readonly flowId: FlowId;
  /** False once the sign-in is over; what came of it is still shown. */
  readonly isActive: boolean;
  readonly title: string;
  readonly children: ReactNode;
}) {
  const [outcome, submit] = useActionState<FormOutcome, FormData>(finishBillingSignInAction, {});
  const form = useRef<HTMLFormElement>(null);
  const hasBegun = useRef(false);
  useEffect(() => {
    if (hasBegun.current || !isActive) return;
    hasBegun.current = true;
    form.current?.requestSubmit();
  }, [isActive]);
  if (outcome.problem || outcome.requestId) return <FormProblem outcome={outcome} />;
  if (!isActive) return null;
  return (
    <Callout tone="info" role="status" title={title}>
      <div>{children}</div>
      <form ref={form} action={submit} className="mt-2">
        <input type="hidden" name="tenantId" value={tenantId} />
        <input type="hidden" name="flowId" value={flowId} />
        <SubmitButton size="small">Continue</SubmitButton>
      </form>
    </Callout>
  );
}
