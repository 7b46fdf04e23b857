/** The strip of time under a list's toolbar. */
import type { Locator, Page } from 'playwright-core';

export class TimelineStrip {
  readonly root: Locator;

  constructor(page: Page) {
    this.root = page.getByRole('region', { name: 'Timeline' });
  }

  get begin(): Locator {
    return this.root.getByRole('slider', { name: 'Begin of the selected time' });
  }

  get end(): Locator {
    return this.root.getByRole('slider', { name: 'End of the selected time' });
  }

  get showAll(): Locator {
    return this.root.getByRole('button', { name: 'Show all of the capture’s time' });
  }

  /** Drags over a part of the strip, from and to as shares of its width. */
  async brush(from: number, to: number): Promise<void> {
    const plot = this.root.locator('.timeline-plot');
    await plot.waitFor();
    const box = await plot.boundingBox();
    if (box === null) throw new Error('the strip of time is not on screen');
    const { mouse } = plot.page();
    const y = box.y + box.height / 2;
    await mouse.move(box.x + box.width * from, y);
    await mouse.down();
    await mouse.move(box.x + box.width * ((from + to) / 2), y);
    await mouse.move(box.x + box.width * to, y);
    await mouse.up();
  }
}
