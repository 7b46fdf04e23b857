/** The panes beside lists and beside a connection: which there are, and which view each belongs to. */

export const PANES = ['resets', 'failures', 'packets', 'connection', 'fleet'] as const;
export type Pane = (typeof PANES)[number];
export type OpenPanes = Readonly<Record<Pane, boolean>>;

/** What stands beside a connection. */
export const CONNECTION_PANES = ['verdict', 'packet'] as const;
export type ConnectionPane = (typeof CONNECTION_PANES)[number];

export const ALL_OPEN: OpenPanes = {
  resets: true,
  failures: true,
  packets: true,
  connection: true,
  fleet: true,
};

/** The pane of a view; undefined for one that has none. */
export function paneOf(view: string): Pane | undefined {
  return PANES.find((pane) => pane === view);
}
