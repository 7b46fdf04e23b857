/** One packet beside its list: its layers as a tree, its bytes in hex, and what both say of the chosen line. */
import type { Locator, Page } from 'playwright-core';

export class PacketPane {
  readonly root: Locator;
  readonly tree: Locator;
  readonly hex: Locator;

  constructor(page: Page) {
    this.root = page.getByRole('region', { name: 'The packet', exact: true });
    this.tree = this.root.getByRole('tree', { name: 'Layers and fields of the packet' });
    this.hex = this.root.getByRole('group', { name: /bytes\. Arrow keys go from byte to byte/u });
  }

  get title(): Locator {
    return this.root.getByRole('heading', { level: 2 });
  }

  line(title: string): Locator {
    return this.tree
      .getByRole('treeitem')
      .filter({ has: this.root.page().getByText(title, { exact: true }) });
  }

  /** Title of the selected line; empty where none is. */
  async selected(): Promise<string> {
    const line = this.tree.locator('[role="treeitem"][aria-selected="true"] .detail-title');
    return (await line.count()) === 0 ? '' : line.innerText();
  }

  /** Offsets of the bytes that are lit. */
  async litBytes(): Promise<number[]> {
    const offsets = await this.hex
      .locator('.hex-bytes .hex-byte.is-selected')
      .evaluateAll((bytes) => bytes.map((byte) => Number((byte as HTMLElement).dataset.offset)));
    return offsets.sort((a, b) => a - b);
  }

  /** What can be done with the value of the selected line: filter for it, exclude it, copy it. */
  async openValueMenu(): Promise<void> {
    await this.root.locator('.field-value').click();
  }
}
