/**
 * How an Enterprise Administrator gets a key, click by click.
 * @see https://learn.microsoft.com/azure/cost-management-billing/manage/enterprise-rest-apis
 */
export function KeySteps() {
  return (
    <section aria-labelledby="key-steps" className="flex flex-col gap-2 rounded-card bg-sunken p-4">
      <h3 id="key-steps" className="font-medium">
        How to get a key
      </h3>
      <ol className="flex list-decimal flex-col gap-1 pl-5 text-small [&>li]:pl-1">
        <li>Sign in to the Azure portal as an Enterprise Administrator who may also write.</li>
        <li>
          Open <b className="font-medium">Cost Management + Billing</b>, and there{' '}
          <b className="font-medium">Billing scopes</b>. Choose the enrollment.
        </li>
        <li>
          Open <b className="font-medium">Usage + charges</b>, then{' '}
          <b className="font-medium">Manage API access keys</b>.
        </li>
        <li>
          Choose <b className="font-medium">Generate</b> for the primary or the secondary key. It lives for
          six months.
        </li>
        <li>Copy the whole key with the copy button beside it, and paste it above.</li>
      </ol>
    </section>
  );
}
