/** What the page hands to the clipboard: the machine's own is shared by all tests that run at the same time. */
import type { Page } from 'playwright-core';

declare global {
  interface Window {
    copiedTexts?: string[];
  }
}

/** From here on, copied texts are kept in the page instead of leaving it. */
export async function watchClipboard(page: Page): Promise<void> {
  await page.evaluate(() => {
    const texts: string[] = [];
    window.copiedTexts = texts;
    Object.defineProperty(navigator, 'clipboard', {
      configurable: true,
      value: {
        writeText: (text: string): Promise<void> => {
          texts.push(text);
          return Promise.resolve();
        },
      },
    });
  });
}

/** The text that was copied last; empty where none was. */
export function copied(page: Page): Promise<string> {
  return page.evaluate(() => window.copiedTexts?.at(-1) ?? '');
}
