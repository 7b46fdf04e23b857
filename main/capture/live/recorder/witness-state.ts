/** The state of the kernel witness, as its blocks in the stream tell it. */
import type { WitnessStatus } from '../../../../shared/model/live.ts';
import {
  WITNESS_LOST,
  WITNESS_RECEIVE_RESET,
  WITNESS_SEND_RESET,
  WITNESS_SOCKET_OWNER,
  WITNESS_STARTED,
  WITNESS_UNAVAILABLE,
  witnessDetail,
  witnessKind,
} from '../blocks/witness-block.ts';

export class WitnessState {
  #events = 0;
  #lost = 0;
  #state: WitnessStatus['state'];
  #why: string | null = null;
  #started: Uint8Array | undefined;

  /** @param isAsked whether the kernel was asked to witness */
  constructor(isAsked: boolean) {
    this.#state = isAsked ? 'waiting' : 'off';
  }

  /** The block that says that the kernel is watched, for the head of every file; none once events were lost. */
  get started(): Uint8Array | undefined {
    return this.#started;
  }

  get status(): WitnessStatus {
    return { state: this.#state, why: this.#why, events: this.#events, lost: this.#lost };
  }

  /** @param block a whole witness block, which is kept */
  note(block: Uint8Array, bigEndian: boolean): void {
    const detail = (): string => witnessDetail(block, 0, block.length, bigEndian);
    switch (witnessKind(block, 0, block.length)) {
      case WITNESS_SEND_RESET:
      case WITNESS_RECEIVE_RESET:
        this.#events++;
        break;
      case WITNESS_STARTED:
        this.#started = block;
        this.#state = 'on';
        this.#why = null;
        break;
      case WITNESS_LOST:
        this.#started = undefined;
        // Its detail says how many events, at least one.
        this.#lost += Number(detail()) || 1;
        break;
      case WITNESS_UNAVAILABLE:
        this.#started = undefined;
        this.#state = 'unavailable';
        this.#why = detail() || null;
        break;
      case WITNESS_SOCKET_OWNER:
      default:
    }
  }
}
