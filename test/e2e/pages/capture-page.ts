/** Live capture as its users see it: the choice, the running bar, the end, the caught cases. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

export class CapturePage {
  readonly #page: Page;
  /** On the start page, and in the dialog that leads to a capture from elsewhere. */
  readonly section: Locator;
  readonly interfaces: Locator;
  /** Of a running capture. */
  readonly bar: Locator;
  /** How the capture ended. */
  readonly end: Locator;
  readonly catchDialog: Locator;
  readonly caught: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.section = page.getByRole('region', { name: 'Capture live' });
    this.interfaces = this.section.getByRole('listbox', { name: 'Interfaces' });
    this.bar = page.getByRole('region', { name: 'Live capture' });
    this.end = page.getByLabel('The capture ended');
    this.catchDialog = page.getByRole('dialog', { name: 'Catch the next reset' });
    this.caught = page.getByRole('region', { name: 'Caught resets' });
  }

  interface(name: string): Locator {
    return this.interfaces.getByRole('option').filter({ has: this.#page.getByText(name, { exact: true }) });
  }

  get remote(): Locator {
    return this.interface('Another machine over SSH');
  }

  get filter(): Locator {
    return this.section.getByLabel('Capture filter');
  }

  /** The compiler's words about the filter. */
  get filterError(): Locator {
    return this.section.getByRole('alert');
  }

  get startButton(): Locator {
    return this.section.getByRole('button', { name: /^(Start c|C)apture/ });
  }

  /** What stands in the way, with its cure. */
  get doctor(): Locator {
    return this.section.getByLabel('What stands in the way of capturing');
  }

  option(name: string): Locator {
    return this.section.getByRole('group', { name: 'Options of the capture' }).getByLabel(name);
  }

  async openOptions(): Promise<void> {
    await this.section.getByRole('button', { name: 'Options' }).click();
  }

  /** Chooses the interface and starts; resolves when packets can come. */
  async start(name: string, filter = ''): Promise<void> {
    await this.interface(name).click();
    await this.filter.fill(filter);
    await this.startButton.click();
    await this.runs();
  }

  /** Packets can come. */
  async runs(): Promise<void> {
    await this.bar.locator('.phase-capturing').waitFor();
  }

  async stop(): Promise<void> {
    await this.bar.getByRole('button', { name: 'Stop capture' }).click();
    await this.end.waitFor();
  }

  /** The packets that the bar counts. */
  async packets(): Promise<number> {
    const text = await this.bar.locator('.capture-fact', { hasText: 'packets' }).locator('b').innerText();
    return Number(text.replaceAll(',', ''));
  }

  get losses(): Locator {
    return this.bar.locator('.loss');
  }

  async holdView(): Promise<void> {
    await this.bar.getByRole('button', { name: 'Pause view' }).click();
  }

  async resumeView(): Promise<void> {
    await this.bar.getByRole('button', { name: 'Resume' }).click();
  }

  /** Saves beside the ring under another name, as the page's own dialog proposes; resolves when it is there. */
  async save(name: string): Promise<void> {
    await this.bar.getByRole('button', { name: 'Save as…' }).click();
    const field = this.#page.getByLabel('File on the machine that Resetscope runs on');
    await expect.poll(() => field.inputValue()).not.toBe('');
    // The name is selected, the folder is not.
    await this.#page.keyboard.type(name);
    await this.#page.getByRole('button', { name: 'Save', exact: true }).click();
    await this.#page.getByText(`Saved ${name}.`).waitFor();
  }

  /** How much came while the view stood still. */
  get held(): Locator {
    return this.bar.getByRole('status');
  }

  get newestPill(): Locator {
    return this.#page.getByRole('button', { name: /^[\d,]+ new (reset|flow)s?$/ });
  }

  /** Catches with the rule that is proposed. */
  async catchNext(): Promise<void> {
    await this.bar.getByRole('button', { name: /^Catch the next reset/ }).click();
    await this.catchDialog.getByRole('button', { name: 'Start catching' }).click();
    await this.caught.waitFor();
  }

  get cases(): Locator {
    return this.caught.getByRole('listitem');
  }

  get toasts(): Locator {
    return this.#page.getByRole('log', { name: 'Caught resets' });
  }
}
