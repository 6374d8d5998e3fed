import { ProblemDetails, WhoCanFix } from '#components/problem-words.tsx';
import { Callout } from '#components/ui/callout.tsx';
import type { SignInFailure } from '#lib/auth/sign-in-failure.ts';
import { failureWords } from './failure-words.ts';

/** Why the last attempt failed: what happened, who can do what about it, and what support needs to find it. */
export function SignInProblem({ failure }: { readonly failure: SignInFailure }) {
  const { title, action, who } = failureWords(failure);
  return (
    <Callout tone="danger" role="alert" title={title}>
      <p>{action}</p>
      {who ? <WhoCanFix who={who} /> : null}
      <ProblemDetails code={failure.code} trace={failure.microsoft} requestId={failure.requestId} />
    </Callout>
  );
}
