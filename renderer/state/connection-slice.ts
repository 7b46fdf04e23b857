/** The line to the engine. */
import type { Capabilities } from '../../shared/contract/methods.ts';

export interface ConnectionState {
  readonly link: 'connecting' | 'open' | 'lost';
  /** Why the line is lost, in words for people; null while it is not. */
  readonly linkError: string | null;
  /** What the host can do; null until it has answered. */
  readonly capabilities: Capabilities | null;
}

export const CONNECTION_START: ConnectionState = { link: 'connecting', linkError: null, capabilities: null };
