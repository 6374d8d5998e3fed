import { expect, type Locator, type Page } from '@playwright/test';
import { ERRORS_PATH } from '#lib/core/problem-help.ts';

/** The Imports tab of a tenant, as somebody uses it who wants to know what became of an import. */
export class ImportsTab {
  readonly page: Page;
  /** The newest import of the history. */
  readonly newest: Locator;
  /** What holds up the import that runs. */
  readonly progress: Locator;
  readonly #path: string;

  constructor(page: Page, tenantPath: string) {
    this.page = page;
    this.#path = `${tenantPath}/imports`;
    this.newest = page.getByRole('table', { name: 'Imports' }).getByRole('row').nth(1);
    this.progress = page.getByRole('region', { name: 'Import in progress' });
  }

  async open(): Promise<void> {
    await this.page.goto(this.#path);
    await expect(this.newest).toBeVisible();
  }

  async start(): Promise<void> {
    await this.page.getByRole('button', { name: 'Import now' }).click();
    await expect(this.newest).toContainText('Running');
  }

  /** Starts one and waits until it has ended with the word. */
  async run(word: 'Completed' | 'Partial' | 'Failed'): Promise<void> {
    const runs = await this.page.getByRole('row', { name: 'Started by hand' }).count();
    await this.page.getByRole('button', { name: 'Import now' }).click();
    await expect(this.page.getByRole('row', { name: 'Started by hand' })).toHaveCount(runs + 1);
    await this.ends(word);
  }

  async ends(word: 'Completed' | 'Partial' | 'Failed' | 'Cancelled'): Promise<void> {
    await expect(this.newest).toContainText(word, { timeout: 30_000 });
  }
}

const GUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

export type Help = {
  readonly words: string | RegExp;
  readonly who: string | RegExp;
  /** What to do. */
  readonly action: string | RegExp;
  /** Microsoft's, shown with its correlation ID. */
  readonly code?: string;
  /** The name of the page that explains it; that of Microsoft's code, if not told otherwise. */
  readonly about?: string;
};

/** A message that helps: what happened, who can fix it, what to do, what support needs, and the way to its page. */
export async function expectHelpIn(place: Locator, { words, who, action, code, about = code }: Help) {
  await expect(place).toContainText(words);
  await expect(place).toContainText(who);
  await expect(place).toContainText(action);
  if (code) {
    await expect(place).toContainText(code);
    await expect(place).toContainText(/correlation id/i);
    await expect(place).toContainText(GUID);
  }
  const link = place.getByRole('link', { name: 'About this error' });
  await expect(link).toHaveAttribute('href', new RegExp(`^${ERRORS_PATH}/${about}(\\?|$)`));
}
