/** Things to be put away, the youngest first. */
export class Scope {
  readonly #closings: (() => Promise<unknown>)[] = [];
  #closed: Promise<void> | undefined;

  /** `close` will be called once, whatever happens: at the end, after a failure, on Ctrl-C. */
  defer(close: () => Promise<unknown>): void {
    this.#closings.push(close);
  }

  close(): Promise<void> {
    this.#closed ??= this.#closeAll();
    return this.#closed;
  }

  async #closeAll(): Promise<void> {
    for (const close of this.#closings.reverse()) {
      await close().catch((error: unknown) => console.error('Could not be put away:', error));
    }
  }
}

/** Runs with a scope of its own, which is closed afterwards. */
export async function withScope<T>(parent: Scope, work: (scope: Scope) => Promise<T>): Promise<T> {
  const scope = new Scope();
  parent.defer(() => scope.close());
  try {
    return await work(scope);
  } finally {
    await scope.close();
  }
}
