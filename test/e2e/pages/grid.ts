/** A list of any length: only the rows on screen exist. */
import type { Locator, Page } from 'playwright-core';

export class Grid {
  readonly root: Locator;
  readonly #page: Page;
  readonly #label: string;

  constructor(page: Page, label: string) {
    this.#page = page;
    this.#label = label;
    this.root = page.getByRole('grid', { name: label, exact: true });
  }

  /** Rows of the whole list, on screen or not. */
  async total(): Promise<number> {
    return Number(await this.root.getAttribute('aria-rowcount')) - 1;
  }

  /** The rows that exist, from the top, each cell under its column's title. */
  async rows(): Promise<Record<string, string>[]> {
    return this.root.evaluate((grid) => {
      const text = (element: Element): string => (element as HTMLElement).innerText.trim();
      const titles = Array.from(grid.querySelectorAll('[role="columnheader"]'), text);
      const rows = Array.from(grid.querySelectorAll('[role="row"]')).filter(
        (row) => Number(row.getAttribute('aria-rowindex')) > 1,
      );
      rows.sort((a, b) => Number(a.getAttribute('aria-rowindex')) - Number(b.getAttribute('aria-rowindex')));
      return rows.map((row) => {
        const cells = Array.from(row.querySelectorAll('[role="gridcell"]'), text);
        return Object.fromEntries(titles.map((title, i) => [title, cells[i] ?? '']));
      });
    });
  }

  /** One column of the rows that exist. */
  async column(title: string): Promise<string[]> {
    return (await this.rows()).map((row) => row[title] ?? '');
  }

  header(title: string): Locator {
    return this.root.getByRole('columnheader', { name: title, exact: true });
  }

  async sortBy(title: string): Promise<void> {
    await this.header(title).getByRole('button').click();
    await this.root.and(this.#page.locator('[aria-busy="false"]')).waitFor();
  }

  async sorting(title: string): Promise<string | null> {
    return this.header(title).getAttribute('aria-sort');
  }

  /** @param index from 0 */
  row(index: number): Locator {
    return this.root.locator(`[role="row"][aria-rowindex="${index + 2}"]`);
  }

  get selected(): Locator {
    return this.root.locator('[role="row"][aria-selected="true"]');
  }

  /** The row that the keyboard is on, as assistive technology is told. */
  async active(): Promise<number> {
    return this.root.evaluate((grid) => {
      const id = grid.getAttribute('aria-activedescendant');
      const row = id === null ? null : document.getElementById(id);
      return row === null ? -1 : Number(row.getAttribute('aria-rowindex')) - 2;
    });
  }

  get label(): string {
    return this.#label;
  }
}
