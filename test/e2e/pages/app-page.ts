/** The app as its users see it: found by roles, names and text. */
import type { Locator, Page } from 'playwright-core';
import type { OpenApp } from '../support/host.ts';
import { CapturePage } from './capture-page.ts';
import { ConnectionPage } from './connection-page.ts';
import { DetailPane } from './detail-pane.ts';
import { FilterFieldPage } from './filter-field.ts';
import { Grid } from './grid.ts';
import { NamesDialog } from './names-dialog.ts';
import { OverviewPage } from './overview-page.ts';
import { PacketPane } from './packet-pane.ts';
import { TimelineStrip } from './timeline-strip.ts';
import { VerdictPane } from './verdict-pane.ts';

export type ViewName =
  'Overview' | 'Resets' | 'Failures' | 'Flows' | 'Packets' | 'Addresses' | 'Files' | 'Caught' | 'Notes';

export class AppPage {
  readonly host: OpenApp;
  readonly page: Page;
  readonly capture: CapturePage;
  readonly overview: OverviewPage;
  readonly resets: Grid;
  readonly failures: Grid;
  readonly flows: Grid;
  /** Of one connection. */
  readonly packets: Grid;
  /** Of the whole capture. */
  readonly allPackets: Grid;
  readonly addresses: Grid;
  readonly conversations: Grid;
  readonly filterField: FilterFieldPage;
  readonly packet: PacketPane;
  readonly connection: ConnectionPage;
  readonly timeline: TimelineStrip;
  readonly names: NamesDialog;
  readonly verdict: VerdictPane;
  readonly failure: DetailPane;

  constructor(host: OpenApp) {
    this.host = host;
    this.page = host.page;
    this.capture = new CapturePage(host.page);
    this.overview = new OverviewPage(host.page);
    this.resets = new Grid(host.page, 'Resets');
    this.failures = new Grid(host.page, 'Failures');
    this.flows = new Grid(host.page, 'Flows');
    this.packets = new Grid(host.page, 'Packets of the flow');
    this.allPackets = new Grid(host.page, 'Packets');
    this.addresses = new Grid(host.page, 'Addresses');
    this.conversations = new Grid(host.page, 'Conversations');
    this.filterField = new FilterFieldPage(host.page);
    this.packet = new PacketPane(host.page);
    this.connection = new ConnectionPage(host.page);
    this.timeline = new TimelineStrip(host.page);
    this.names = new NamesDialog(host.page);
    this.verdict = new VerdictPane(host.page);
    this.failure = new DetailPane(host.page, 'Failure', 'the failure');
  }

  get openButton(): Locator {
    return this.page.getByRole('button', { name: /^(Open capture…|Open)$/ });
  }

  /** The name of what is open. */
  get title(): Locator {
    return this.page.locator('.title-file, .tab[data-shown] .tab-name');
  }

  /** After a capture that could not be opened, or was lost; the list of interfaces has a button of that name too. */
  get openAgain(): Locator {
    return this.page.locator('.start-error').getByRole('button', { name: 'Try again' });
  }

  /** Above all else: what went wrong. */
  get alert(): Locator {
    return this.page.getByRole('alert');
  }

  get filter(): Locator {
    return this.filterField.input;
  }

  /** How many rows pass the filter. */
  get filterCount(): Locator {
    return this.page.locator('.filter').getByRole('status');
  }

  get palette(): Locator {
    return this.page.getByRole('dialog', { name: 'Command palette' });
  }

  get help(): Locator {
    return this.page.getByRole('dialog', { name: 'Help' });
  }

  get files(): Locator {
    return this.page.getByRole('region', { name: 'Files and warnings' });
  }

  view(name: ViewName): Locator {
    return this.page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name });
  }

  async go(name: ViewName): Promise<void> {
    await this.view(name).first().click();
  }

  preset(name: string): Locator {
    return this.page.getByRole('group', { name: 'Show' }).getByRole('button', { name });
  }

  recent(name: string): Locator {
    return this.page.getByRole('region', { name: 'Recent' }).getByRole('button', { name }).first();
  }

  /** The reading is over and all of it is shown. */
  async ready(): Promise<void> {
    await this.overview.numbers.waitFor();
    // While captures are joined there is a second one beside what the overview says of that.
    const stop = this.page.getByRole('banner').getByRole('button', { name: 'Stop', exact: true });
    await stop.waitFor({ state: 'detached' });
    // The numbers are asked for once more after the end; those in the rail are of the same answer.
    await this.overview.numbers.and(this.page.locator('[aria-busy="false"]')).waitFor();
  }
}
