import type { Locator, Page } from 'playwright-core';
import { DetailPane } from './detail-pane.ts';

export class VerdictPane extends DetailPane {
  constructor(page: Page) {
    super(page, 'Verdict', 'the reset');
  }

  /** The drawing of the path; its name says it all in words. */
  get strip(): Locator {
    return this.root.getByRole('img');
  }

  /** Frame number that the head names. */
  async frame(): Promise<number> {
    const text = await this.root.locator('.verdict-frame').innerText();
    return Number(/frame ([\d,]+)/.exec(text)?.[1].replaceAll(',', ''));
  }
}
