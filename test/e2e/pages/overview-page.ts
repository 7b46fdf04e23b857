import type { Locator, Page } from 'playwright-core';

export class OverviewPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get numbers(): Locator {
    return this.#page.locator('dl.numbers');
  }

  /** The number under its title. */
  async number(title: string): Promise<string> {
    const terms = await this.numbers.locator('dt').allInnerTexts();
    // Titles may be drawn in capitals.
    const at = terms.findIndex((term) => term.toLowerCase() === title.toLowerCase());
    if (at < 0) throw new Error(`no number is called ${title}, there are ${terms.join(', ')}`);
    return this.numbers.locator('dd').nth(at).innerText();
  }

  /** The sentence over all. */
  get headline(): Locator {
    return this.#page.locator('.headline').getByRole('heading', { level: 2 });
  }

  /** Whether it is told in green. */
  async isGood(): Promise<boolean> {
    return (await this.#page.locator('.headline.tone-good').count()) > 0;
  }

  card(name: string): Locator {
    return this.#page.getByRole('region', { name });
  }

  /** Rows of a card that are buttons: title → count. */
  async counts(card: string): Promise<Record<string, number>> {
    const texts = await this.card(card).getByRole('listitem').allInnerTexts();
    return Object.fromEntries(
      texts.map((text) => {
        const [title, ...rest] = text.split('\n').map((line) => line.trim());
        const count = rest.find((line) => /^[\d,]+/.test(line)) ?? '';
        return [title, Number(count.replace(/^([\d,]+).*$/, '$1').replaceAll(',', ''))];
      }),
    );
  }
}
