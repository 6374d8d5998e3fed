'use client';

import { Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { ProblemDetails, traceOf } from '#components/problem-words.tsx';
import { Callout } from '#components/ui/callout.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Section } from '#components/ui/section.tsx';
import type { TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import type { ProblemText } from '#lib/core/problem-text.ts';
import type { AddedAccessToken } from '#lib/domain/access-tokens/add.ts';
import { AccessTokenForm } from './access-token-form.tsx';
import { ADD_BUTTON_ID } from './ids.ts';

/** The list of access tokens with the way to add one; afterwards, why that one could not be checked, if so. */
export function AccessTokenSection({
  tenantId,
  enrollmentNumber,
  mayManage,
  unchecked,
  children,
}: {
  readonly tenantId: TenantId;
  /** That of the tenant, where one is known. */
  readonly enrollmentNumber?: string | undefined;
  readonly mayManage: boolean;
  /** The tokens of the list that could not be checked. */
  readonly unchecked: readonly UncheckedToken[];
  /** The list. */
  readonly children: ReactNode;
}) {
  const [added, setAdded] = useState<AddedAccessToken>();
  const justAdded = unchecked.find(({ accessTokenId }) => accessTokenId === added?.accessTokenId);
  return (
    <Section
      title="Access tokens"
      description="Kept encrypted, checked with Microsoft once a day, and never shown again."
      actions={
        mayManage ? (
          <Dialog
            triggerLabel="Add Access Token"
            triggerVariant="primary"
            triggerIcon={<Plus aria-hidden className="size-4" />}
            triggerId={ADD_BUTTON_ID}
            title="Add Access Token"
            description="A key of the Enterprise Agreement reporting API. It is checked with Microsoft before it is kept."
          >
            <AccessTokenForm tenantId={tenantId} enrollmentNumber={enrollmentNumber} onKept={setAdded} />
          </Dialog>
        ) : null
      }
    >
      {justAdded ? <KeptUnchecked token={justAdded} /> : null}
      {children}
    </Section>
  );
}

/** A token that could not be checked, and why. */
export type UncheckedToken = {
  readonly accessTokenId: string;
  readonly problem: Problem;
  readonly text: ProblemText;
};

function KeptUnchecked({ token: { problem, text } }: { readonly token: UncheckedToken }) {
  return (
    <Callout tone="warning" role="alert" title="The access token is kept, but could not be checked">
      <p>
        {text.title} {text.action}
      </p>
      <p>It is checked again once a day.</p>
      <ProblemDetails code={problem.code} trace={traceOf(problem)} />
    </Callout>
  );
}
