/** The line to the engine. */
import type { Capabilities } from '../../shared/contract/methods.ts';

export interface ConnectionState {
  readonly link: 'connecting' | 'open' | 'lost';
  /** For people, while lost. */
  readonly linkError: string | null;
  /** null until the host has answered. */
  readonly capabilities: Capabilities | null;
}

export const CONNECTION_START: ConnectionState = { link: 'connecting', linkError: null, capabilities: null };
