/** Hosts and routers in a row, with the points at which packets are captured. */
export interface Path {
  /** Between client and server, named r1, r2 … from the client on. */
  readonly routers: number;
  /** The lesson's capture points, by `at`: the place, and its interface where there are two (`left` looks at the client). */
  readonly points: Readonly<Record<string, Point>>;
}

export interface Point {
  readonly place: string;
  readonly interface: string;
}
