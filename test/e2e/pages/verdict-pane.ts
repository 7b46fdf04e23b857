import type { Locator, Page } from 'playwright-core';

export class VerdictPane {
  readonly root: Locator;

  constructor(page: Page) {
    this.root = page.getByRole('region', { name: 'Verdict', exact: true });
  }

  get summary(): Locator {
    return this.root.getByRole('heading', { level: 2 });
  }

  /** The drawing of the path; its name says it all in words. */
  get strip(): Locator {
    return this.root.getByRole('img');
  }

  section(name: string): Locator {
    return this.root.getByRole('region', { name });
  }

  /** The advice, whose first sentence is a paragraph of its own, as one line. */
  async nextStep(): Promise<string> {
    return (await this.section('Next step').innerText()).replaceAll(/\s+/gu, ' ');
  }

  get frameLinks(): Locator {
    return this.section('Evidence').getByRole('button', { name: /^#\d+$/ });
  }

  get packets(): Locator {
    return this.root.getByRole('listbox', { name: 'Packets around the reset' });
  }

  get markedPacket(): Locator {
    return this.packets.getByRole('option', { selected: true });
  }

  /** Frame number that the head names. */
  async frame(): Promise<number> {
    const text = await this.root.locator('.verdict-frame').innerText();
    return Number(/frame ([\d,]+)/.exec(text)?.[1].replaceAll(',', ''));
  }
}
