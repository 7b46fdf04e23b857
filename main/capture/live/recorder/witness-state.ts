/** How it stands with the kernel as a witness, from the blocks that tell. */
import type { RecorderCounts } from './recorder-messages.ts';
import {
  WITNESS_LOST,
  WITNESS_RECEIVE_RESET,
  WITNESS_SEND_RESET,
  WITNESS_SOCKET_OWNER,
  WITNESS_STARTED,
  WITNESS_STOPPED,
  witnessDetail,
  witnessKind,
} from '../blocks/witness-block.ts';

export class WitnessState {
  #events = 0;
  #lost = 0;
  #state: RecorderCounts['witness']['state'];
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

  get counts(): RecorderCounts['witness'] {
    return { state: this.#state, why: this.#why, events: this.#events, lost: this.#lost };
  }

  /** @param block whole, and kept */
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
        // It says how many; at least one.
        this.#lost += Number(detail()) || 1;
        break;
      case WITNESS_STOPPED:
        this.#started = undefined;
        this.#state = 'unavailable';
        this.#why = detail() || null;
        break;
      case WITNESS_SOCKET_OWNER:
      default:
    }
  }
}
