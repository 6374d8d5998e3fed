import type { Locator, Page } from '@playwright/test';
import { expect } from './fixtures.ts';

const PRESSES_MAX = 80;

/** Presses Tab until the focus is there, as a person without a pointer does. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  const hasFocus = () => target.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < PRESSES_MAX && !(await hasFocus()); presses += 1) {
    await page.keyboard.press('Tab');
  }
  await expect(target, 'reached by Tab').toBeFocused();
}

/** Goes there by Tab, and presses the key. */
export async function press(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}
