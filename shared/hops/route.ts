/** The routers on the way to a host, as a program that asked them says. */

export interface HopAnswer {
  /** An address; what answered may have been several at one distance. */
  readonly address: string;
  /** Its name, where the program looked it up; empty for none. */
  readonly name: string;
  /** MPLS labels that it had, for people; empty for none. */
  readonly mpls: string;
}

export interface Hop {
  /** Distance from where the program ran: 1 is the first router. */
  readonly number: number;
  /** Empty where nothing answered. */
  readonly answers: readonly HopAnswer[];
}

export interface Route {
  readonly tool: 'traceroute' | 'tracert' | 'tcptraceroute' | 'mtr';
  /** Address of where it led; empty where the output does not say. */
  readonly target: string;
  readonly hops: readonly Hop[];
  /** Whether the last hop is the target itself. */
  readonly isComplete: boolean;
}

export const ROUTE_BOUNDS = { textLength: 64 * 1024, hops: 64, answers: 16 } as const;
