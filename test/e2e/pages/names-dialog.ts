/** The names that the user gave to addresses and devices. */
import type { Locator, Page } from 'playwright-core';

export class NamesDialog {
  readonly root: Locator;

  constructor(page: Page) {
    this.root = page.getByRole('dialog', { name: 'Names of addresses and devices' });
  }

  get address(): Locator {
    return this.root.getByLabel('Address or device');
  }

  get name(): Locator {
    return this.root.getByLabel('Name', { exact: true });
  }

  get list(): Locator {
    return this.root.getByRole('list', { name: 'Names' });
  }

  get save(): Locator {
    return this.root.getByRole('button', { name: 'Save', exact: true });
  }

  get error(): Locator {
    return this.root.getByRole('alert');
  }

  /** What came of a file of names. */
  get told(): Locator {
    return this.root.getByRole('status');
  }

  async readFile(name: string, text: string): Promise<void> {
    await this.root
      .getByLabel('File of names')
      .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
  }

  async close(): Promise<void> {
    await this.root.getByRole('button', { name: 'Close' }).click();
    await this.root.waitFor({ state: 'detached' });
  }
}
