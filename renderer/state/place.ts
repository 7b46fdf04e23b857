/** A place: what somebody looks at. core/place.ts turns it into an address and back. */
import type { FrameAddress } from '../../shared/contract/methods.ts';
import type { FleetResetId, FleetScope } from '../../shared/model/fleet.ts';

export type Place = { readonly capture: number | null } & (
  | { readonly view: 'overview' | 'endpoints' | 'warnings' | 'catch' | 'notes' }
  | { readonly view: 'overview' | 'endpoints' | 'warnings' | 'catch' }
  | { readonly view: 'lesson'; readonly name: string }
  | FleetView
  | { readonly view: 'resets'; readonly filter: string; readonly at: FrameAddress | null }
  | { readonly view: 'failures' | 'flows'; readonly filter: string; readonly flow: number | null }
  | { readonly view: 'packets'; readonly filter: string; readonly at: FrameAddress | null }
  | { readonly view: 'connection'; readonly flow: number | null; readonly at: FrameAddress | null }
);

/** A fleet, or the choice of one. It is looked at whatever capture is open. */
interface FleetView {
  readonly view: 'fleet';
  /** Its name, without a password. */
  readonly fleet: string | null;
  readonly scope: FleetScope;
  readonly reset: FleetResetId | null;
}
