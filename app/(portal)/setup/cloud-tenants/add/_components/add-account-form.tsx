'use client';

import { type ReactNode, useActionState, useEffect, useRef, useState } from 'react';
import { FormProblem } from '#components/form-outcome.tsx';
import { WordedProblem } from '#components/problem-words.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { Radio, RadioCard, RadioGroup } from '#components/ui/choice.tsx';
import { SubmitButton } from '#components/ui/submit-button.tsx';
import { TextField } from '#components/ui/text-field.tsx';
import type { TenantKind } from '#lib/domain/tenants/model.ts';
import { addAccountAction } from '../../actions.ts';
import { TenantLookup } from './tenant-lookup.tsx';

export type Option = { readonly value: string; readonly label: string };

/**
 * The form of one page. Which questions it asks follows from the answers by the style sheet alone, so it works before
 * any script has arrived; the scripts add what is found out about the tenant.
 */
export function AddAccountForm({
  kinds,
  agreements,
  given,
  previews,
}: {
  readonly kinds: readonly Option[];
  readonly agreements: readonly Option[];
  /** Answers that the address brings along. */
  readonly given: { readonly kind: TenantKind; readonly tenant: string; readonly name: string };
  /** What each kind asks for. */
  readonly previews: Readonly<Record<TenantKind, ReactNode>>;
}) {
  const [outcome, submit] = useActionState(addAccountAction, {});
  const { fields = {}, values = {} } = outcome;
  const entered = { ...given, agreement: 'ea', ...values };
  const [kind, setKind] = useState(given.kind);
  const [reference, setReference] = useState(given.tenant);
  const [isLeft, setIsLeft] = useState(false);
  const referenceField = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // What was entered before the scripts arrived, or was kept by the browser.
    const form = referenceField.current?.form;
    if (!form) return;
    const kept = new FormData(form);
    setReference(String(kept.get('tenant') ?? ''));
    setKind(kept.get('kind') === 'azure' ? 'azure' : 'office365');
  }, []);
  const takeSuggestion = (suggested: string) => {
    setReference(suggested);
    setIsLeft(false);
    const field = referenceField.current;
    if (!field) return;
    field.value = suggested;
    // The button is gone in a moment: the focus goes to what it has filled in.
    field.focus();
  };
  const { problem, text } = outcome;
  const own =
    problem?.code === 'already-connected' || problem?.code === 'tenant-removed' ? problem : undefined;
  return (
    <form
      action={submit}
      noValidate
      className="group/add grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]"
    >
      <div className="flex min-w-0 flex-col gap-6">
        {own && text ? (
          <WordedProblem
            problem={own}
            text={text}
            actions={
              own.code === 'tenant-removed' ? (
                <ButtonLink href="/setup/cloud-tenants">Go to the removed tenants</ButtonLink>
              ) : (
                <ButtonLink href={`/setup/cloud-tenants/${own.tenantId}`}>Open {own.tenantName}</ButtonLink>
              )
            }
          />
        ) : (
          <FormProblem outcome={outcome} />
        )}
        <RadioGroup legend="What do you want to connect?" columns={2} error={fields.kind}>
          {kinds.map(({ value, label }) => (
            <RadioCard
              key={value}
              name="kind"
              value={value}
              label={label}
              description={KIND_DESCRIPTION[value]}
              defaultChecked={entered.kind === value}
              onChange={() => setKind(value === 'azure' ? 'azure' : 'office365')}
            />
          ))}
        </RadioGroup>
        <TextField
          label="Tenant name"
          name="name"
          hint="How your organization calls this tenant. It can be changed later."
          error={fields.name}
          defaultValue={entered.name}
        />
        <div className="flex flex-col gap-3">
          <TextField
            label="Tenant ID or domain"
            name="tenant"
            hint="A verified domain such as contoso.com, or the tenant ID from the Entra admin center."
            error={fields.tenant}
            defaultValue={entered.tenant}
            autoCapitalize="none"
            ref={referenceField}
            onChange={(event) => {
              setReference(event.target.value);
              setIsLeft(false);
            }}
            onBlur={() => setIsLeft(true)}
          />
          <TenantLookup
            reference={reference}
            kind={kind}
            isLeft={isLeft}
            // The answer above is about this very tenant.
            isAnswered={outcome.problem !== undefined && !outcome.fields && reference === values.tenant}
            onTake={takeSuggestion}
          />
        </div>
        <div className="hidden flex-col gap-6 group-has-[input[value=azure]:checked]/add:flex">
          <RadioGroup
            legend="Agreement"
            hint="Under which agreement does the tenant buy Azure?"
            error={fields.agreement}
          >
            {agreements.map(({ value, label }) => (
              <Radio
                key={value}
                name="agreement"
                value={value}
                label={label}
                defaultChecked={entered.agreement === value}
              />
            ))}
          </RadioGroup>
          <div className="hidden group-has-[input[value=ea]:checked]/add:block">
            <TextField
              label="Enrollment number"
              name="enrollmentNumber"
              optional
              inputMode="numeric"
              hint="On the agreement and in the Azure portal under Cost Management + Billing."
              error={fields.enrollmentNumber}
              defaultValue={values.enrollmentNumber}
            />
          </div>
        </div>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <SubmitButton>Add Cloud Account</SubmitButton>
          <span className="text-muted text-small">Opens Microsoft’s sign-in page.</span>
        </div>
      </div>
      <div className="min-w-0 lg:border-line lg:border-l lg:pl-8">
        <div className="hidden group-has-[input[value=azure]:checked]/add:block">{previews.azure}</div>
        <div className="hidden group-has-[input[value=office365]:checked]/add:block">
          {previews.office365}
        </div>
      </div>
    </form>
  );
}

const KIND_DESCRIPTION: Readonly<Record<string, string>> = {
  azure: 'Subscriptions and their resources',
  office365: 'Licences and users of Microsoft 365',
};
