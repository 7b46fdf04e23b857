/** Where the keyboard is. */
import type { Page } from 'playwright-core';

/** The name or the text of the focused element. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
  });
}

/** More stops than any page has between two places that belong together. */
const MOST_STOPS = 60;

/** Presses Tab until the element of that name has the focus; how many stops that took. */
export async function tabTo(page: Page, name: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<number> {
  const passed: string[] = [];
  for (let stops = 1; stops <= MOST_STOPS; stops++) {
    await page.keyboard.press(key);
    const now = await focused(page);
    if (name.test(now)) return stops;
    passed.push(now.slice(0, 40));
  }
  throw new Error(`${key} does not lead to ${name.source}; it leads to ${passed.join(' | ')}`);
}
