import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Button } from '#components/ui/button.tsx';
import { currentPerson } from '#lib/auth/current-person.ts';
import { safeReturnTo } from '#lib/auth/return-to.ts';
import { readFailure } from '#lib/auth/sign-in-failure.ts';
import { MicrosoftMark } from './_components/microsoft-mark.tsx';
import { SignInProblem } from './_components/sign-in-problem.tsx';

export const metadata: Metadata = { title: 'Sign in' };

type Query = Promise<Readonly<Record<string, string | string[] | undefined>>>;

export default async function SignInPage({ searchParams }: { readonly searchParams: Query }) {
  const query = await searchParams;
  const returnTo = safeReturnTo(query.returnTo);
  if (await currentPerson()) redirect(returnTo);
  const failure = readFailure(query);
  return (
    <>
      <div className="flex flex-col gap-2">
        <h1 className="font-semibold text-title">Sign in</h1>
        <p className="text-muted">
          Connect your Microsoft tenants, import their users and licences, and see what is used.
        </p>
      </div>
      {failure ? <SignInProblem failure={failure} /> : null}
      {/* A plain form: the button works before any script has run. */}
      <form method="post" action="/api/auth/signin/microsoft" className="flex flex-col gap-3">
        <input type="hidden" name="returnTo" value={returnTo} />
        <Button type="submit" variant="primary" icon={<MicrosoftMark />} className="w-full">
          Sign in with Microsoft
        </Button>
        <p className="text-muted text-small">
          Microsoft asks you to choose a work or school account and tells us your name, your user name and
          your directory. This gives the portal no access to your organization’s data.
        </p>
      </form>
    </>
  );
}
