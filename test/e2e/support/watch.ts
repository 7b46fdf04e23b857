/** Whatever a page complains about: errors, console messages, breaches of its content security policy. */
import type { Page } from 'playwright-core';

export class Complaints {
  readonly #texts: string[] = [];

  get texts(): readonly string[] {
    return this.#texts;
  }

  /** Must be called before the page loads anything. */
  async watch(page: Page): Promise<void> {
    page.on('pageerror', (error) => this.#texts.push(`uncaught: ${error.message}`));
    page.on('crash', () => this.#texts.push('the page crashed'));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) {
        this.#texts.push(`console ${message.type()}: ${message.text()}`);
      }
    });
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`content security policy: ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
  }

  /** Those that a test provokes on purpose. */
  forgive(expected: RegExp): void {
    const kept = this.#texts.filter((text) => !expected.test(text));
    this.#texts.splice(0, this.#texts.length, ...kept);
  }
}
