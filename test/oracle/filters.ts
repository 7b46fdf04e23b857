/** The table of filters that Wireshark and we are both asked about. */
export interface FilterCase {
  readonly text: string;
  /** Whether Wireshark accepts it; where it does not, the place at which it points is compared as well. */
  readonly valid: boolean;
}
