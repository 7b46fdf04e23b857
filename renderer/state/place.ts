/** A place: what somebody looks at. core/place.ts turns it into an address and back. */
import type { FrameAddress } from '../../shared/contract/methods.ts';

export type Place = { readonly capture: number | null } & (
  | { readonly view: 'overview' | 'endpoints' | 'warnings' | 'catch' | 'notes' }
  | { readonly view: 'resets'; readonly filter: string; readonly at: FrameAddress | null }
  | { readonly view: 'failures' | 'flows'; readonly filter: string; readonly flow: number | null }
  | { readonly view: 'packets'; readonly filter: string; readonly at: FrameAddress | null }
  | { readonly view: 'connection'; readonly flow: number | null; readonly at: FrameAddress | null }
);
