import type { Locator, Page } from 'playwright-core';

export class FailurePane {
  readonly root: Locator;

  constructor(page: Page) {
    this.root = page.getByRole('region', { name: 'Failure', exact: true });
  }

  get summary(): Locator {
    return this.root.getByRole('heading', { level: 2 });
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
    return this.root.getByRole('listbox', { name: 'Packets around the failure' });
  }

  get markedPacket(): Locator {
    return this.packets.getByRole('option', { selected: true });
  }
}
