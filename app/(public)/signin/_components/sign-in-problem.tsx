import { MicrosoftTraceDetails } from '#components/problem-panel.tsx';
import { Callout } from '#components/ui/callout.tsx';
import { CodeValue } from '#components/ui/code-value.tsx';
import type { SignInFailure } from '#lib/auth/sign-in-failure.ts';
import { failureWords } from './failure-words.ts';

/** Why the last attempt failed: what happened, who can do what about it, and what support needs to find it. */
export function SignInProblem({ failure }: { readonly failure: SignInFailure }) {
  const { title, action, who } = failureWords(failure);
  return (
    <Callout tone="danger" role="alert" title={title}>
      <p>{action}</p>
      {who ? (
        <p className="text-muted">
          Who can fix this: <span className="text-ink">{who}</span>
        </p>
      ) : null}
      {failure.microsoft ? <MicrosoftTraceDetails trace={failure.microsoft} /> : null}
      {failure.requestId ? (
        <p className="text-caption text-muted">
          Request ID <CodeValue value={failure.requestId} name="request ID" />
        </p>
      ) : null}
    </Callout>
  );
}
