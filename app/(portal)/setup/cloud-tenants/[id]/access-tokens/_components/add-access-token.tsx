'use client';

import { Plus } from 'lucide-react';
import { useState } from 'react';
import { ProblemDetails, traceOf } from '#components/problem-panel.tsx';
import { Callout } from '#components/ui/callout.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import type { TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { describeProblem } from '#lib/core/problem-text.ts';
import { AccessTokenForm } from './access-token-form.tsx';

/** The button and the dialog that add an access token; afterwards, why it could not be checked, if so. */
export function AddAccessToken({
  tenantId,
  enrollmentNumber,
  triggerId,
}: {
  readonly tenantId: TenantId;
  /** That of the tenant, where one is known. */
  readonly enrollmentNumber?: string | undefined;
  readonly triggerId: string;
}) {
  const [unchecked, setUnchecked] = useState<Problem>();
  return (
    <>
      <Dialog
        triggerLabel="Add Access Token"
        triggerVariant="primary"
        triggerIcon={<Plus aria-hidden className="size-4" />}
        triggerId={triggerId}
        title="Add Access Token"
        description="A key of the Enterprise Agreement reporting API. It is checked with Microsoft before it is kept."
      >
        <AccessTokenForm tenantId={tenantId} enrollmentNumber={enrollmentNumber} onKept={setUnchecked} />
      </Dialog>
      {unchecked ? <KeptUnchecked problem={unchecked} /> : null}
    </>
  );
}

function KeptUnchecked({ problem }: { readonly problem: Problem }) {
  const { title, action } = describeProblem(problem);
  return (
    <Callout
      tone="warning"
      role="alert"
      title="The access token is kept, but could not be checked"
      className="w-full"
    >
      <p>
        {title} {action}
      </p>
      <p>It is checked again once a day.</p>
      <ProblemDetails code={problem.code} trace={traceOf(problem)} />
    </Callout>
  );
}
