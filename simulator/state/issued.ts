/** A value that only its owner may know, and whom it was issued to or came from. */
export type Issued = {
  readonly kind:
    | 'code'
    | 'state'
    | 'nonce'
    | 'code_verifier'
    | 'access_token'
    | 'id_token'
    | 'refresh_token'
    | 'client_secret'
    | 'client_assertion';
  readonly clientId: string;
  readonly tenantId: string | undefined;
  readonly value: string;
};

const KEPT = 5_000;

/** The secrets that have passed through the login service, the newest of them, for tests that look for leaks. */
export class IssuedSecrets {
  #all: Issued[] = [];

  /** Remembers the members that have a value. */
  add(
    about: Pick<Issued, 'clientId' | 'tenantId'>,
    values: Readonly<Partial<Record<Issued['kind'], unknown>>>,
  ): void {
    for (const [kind, value] of Object.entries(values) as [Issued['kind'], unknown][])
      if (typeof value === 'string' && value !== '') this.#all.push({ ...about, kind, value });
    if (this.#all.length > 2 * KEPT) this.#all = this.#all.slice(-KEPT);
  }

  list({ tenantId, clientId }: { tenantId?: string | undefined; clientId?: string | undefined }): Issued[] {
    return this.#all.filter(
      (issued) =>
        (tenantId === undefined || issued.tenantId === tenantId) &&
        (clientId === undefined || issued.clientId === clientId),
    );
  }
}
