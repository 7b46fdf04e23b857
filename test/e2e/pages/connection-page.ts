/** One connection: ladder, graphs, packets and stream. */
import type { Locator, Page } from 'playwright-core';

export type ConnectionTab = 'Ladder' | 'Graphs' | 'Packets' | 'Stream';
export type StreamLook = 'text' | 'hex' | 'http' | 'tls';

export class ConnectionPage {
  readonly #page: Page;
  /** The packets of the ladder as a list; the drawing beside it shows the same. */
  readonly ladder: Locator;
  readonly stream: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.ladder = page.getByRole('listbox', { name: 'Packets of the connection' });
    this.stream = page.getByRole('region', { name: 'What the connection carried' });
  }

  tab(name: ConnectionTab): Locator {
    return this.#page.getByRole('tab', { name, exact: true });
  }

  async show(name: ConnectionTab): Promise<void> {
    await this.tab(name).click();
  }

  /** The packet under the cursor of the ladder. */
  get marked(): Locator {
    return this.ladder.locator('[aria-selected="true"]');
  }

  get back(): Locator {
    return this.#page.locator('.connection-head').getByRole('button').first();
  }

  async showStreamAs(look: StreamLook): Promise<void> {
    await this.#page.locator(`.segment-${look}`).click();
  }

  async showSide(side: 'both' | 'client' | 'server'): Promise<void> {
    await this.#page.locator(`.segment-${side}`).click();
  }

  get search(): Locator {
    return this.#page.getByRole('textbox', { name: 'Search the stream' });
  }

  get hits(): Locator {
    return this.#page.getByRole('search').getByRole('status');
  }
}
