/** The closed list of causes. Texts for people are in shared/texts. */
export const CAUSE_CODES = [
  'connection-refused',
  'firewall-reject',
  'host-firewall-reject',
  'icmp-refused',
  'closed-with-unread-data',
  'aborted',
  'process-exit',
  'listener-gone',
  'listen-overflow',
  'data-after-close',
  'stale-connection',
  'nat-state-lost',
  'stateful-device-lost-flow',
  'idle-timeout',
  'keepalive-timeout',
  'port-reuse',
  'time-wait',
  'injected',
  'proxy-reset',
  'tls-failure',
  'application-error',
  'request-too-large',
  'client-cancelled',
  'health-check',
  'half-open-scan',
  'backscatter',
  'path-mtu',
  'unacceptable-segment',
  'memory-pressure',
  'unknown',
] as const;

export type CauseCode = (typeof CAUSE_CODES)[number];

/** What a person reads about a cause. */
export interface CauseText {
  /** A few words: "Connection refused". */
  readonly title: string;
  /** What happened, two sentences at most, in plain words. */
  readonly what: string;
  /** What the application saw, and on which side. */
  readonly seen: string;
  /** Whether the error ends the connection or the work. */
  readonly fatal: string;
  /** How it differs from a timeout and from a polite close (FIN). */
  readonly unlike: string;
  /** Whether data may be lost and how much, in words. */
  readonly dataLoss: string;
  /** What to check next on the client's side and the server's side: commands and settings. */
  readonly client: readonly string[];
  readonly server: readonly string[];
  /** How to confirm it. */
  readonly confirm: string;
  /** Whether it is usually harmless noise. */
  readonly harmless: boolean;
}
