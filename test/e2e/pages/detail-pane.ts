/** The pane of what is selected in a list: a verdict on a reset, or a failure. */
import type { Locator, Page } from 'playwright-core';

export class DetailPane {
  readonly root: Locator;
  readonly packets: Locator;

  /** @param about what its packets lie around: "the reset" */
  constructor(page: Page, name: string, about: string) {
    this.root = page.getByRole('region', { name, exact: true });
    this.packets = this.root.getByRole('listbox', { name: `Packets around ${about}` });
  }

  /** The headline; its title is the summary. */
  get summary(): Locator {
    return this.root.getByRole('heading', { level: 2 });
  }

  /** The sentence that sums it up, where it stands before the story. */
  get told(): Locator {
    return this.section('What happened').locator('.verdict-summary');
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

  get markedPacket(): Locator {
    return this.packets.getByRole('option', { selected: true });
  }
}
