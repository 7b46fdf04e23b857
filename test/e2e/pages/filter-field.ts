/** The field that narrows a list: its completions, its errors with their cure, and the filters that are kept. */
import type { Locator, Page } from 'playwright-core';

export class FilterFieldPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get input(): Locator {
    return this.#page.getByRole('combobox', { name: /^Filter /u });
  }

  get value(): Promise<string> {
    return this.input.inputValue();
  }

  /** What can stand where the caret is. */
  get offers(): Locator {
    return this.#page.getByRole('listbox', { name: 'What can stand here' }).getByRole('option');
  }

  offer(text: string): Locator {
    return this.offers.filter({ has: this.#page.locator('code').getByText(text, { exact: true }) });
  }

  get error(): Locator {
    return this.#page.locator('.filter').getByRole('alert');
  }

  /** The part that is underlined. */
  get wrongPart(): Locator {
    return this.#page.locator('.filter-layer .part-wrong');
  }

  get keptButton(): Locator {
    return this.#page.getByRole('button', { name: 'Recent and saved filters' });
  }

  get kept(): Locator {
    return this.#page.getByRole('dialog', { name: 'Recent and saved filters' });
  }

  async saveAs(name: string): Promise<void> {
    await this.keptButton.click();
    await this.kept.getByLabel('Save the filter as').fill(name);
    await this.kept.getByRole('button', { name: 'Save', exact: true }).click();
    await this.kept.getByRole('button', { name: `Forget ${name}`, exact: true }).waitFor();
    await this.#page.keyboard.press('Escape');
    await this.kept.waitFor({ state: 'detached' });
  }
}
