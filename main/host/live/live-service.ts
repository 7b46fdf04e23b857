/**
 * The engine's part in a live capture: its status, what is caught, and following its files. The host starts and ends it;
 * what is told of it comes through `take`.
 */
import { Emitter } from '../../../shared/base/event.ts';
import { RpcError } from '../../../shared/contract/errors.ts';
import type { Events } from '../../../shared/contract/methods.ts';
import type { CatchRule, CaughtCase, LiveOptions, LiveStatus } from '../../../shared/model/live.ts';
import { NO_LIVE } from '../../../shared/model/live.ts';
import type { Service } from '../../../shared/rpc/service.ts';
import { errorText } from '../../../shared/format/error.ts';
import type { Notice } from '../host-contract.ts';
import type { CaptureId, CaptureTold, CaseOrder, KeptCase } from './capture-contract.ts';
import type { ReadRule } from './catch-rule.ts';
import { readRule } from './catch-rule.ts';
import { LiveAnalysis } from './live-analysis.ts';

/** What the engine asks of its host while something is captured. */
export interface LiveHost {
  /** A case was caught; somebody may want to look. */
  notify(notice: Notice): void;
  keepCase(order: CaseOrder): Promise<KeptCase>;
}

export interface AwaitedLive {
  readonly capture: CaptureId;
  /** Number of the case that both places make when capturing has ended. */
  readonly joined: CaptureId | undefined;
  readonly analysis: LiveAnalysis;
}

export class LiveService {
  readonly changed = new Emitter<Events['live']>();
  readonly #host: LiveHost;
  #live: AwaitedLive | undefined;

  constructor(host: LiveHost) {
    this.#host = host;
  }

  readonly service: Pick<Service, 'live.status' | 'live.catch'> = {
    'live.status': () => Promise.resolve(this.status),
    'live.catch': async ({ rule }) => {
      const read = await readOrRefuse(rule);
      const live = this.#live?.analysis;
      if (live === undefined || live.capture.isEnded) {
        throw new RpcError('not-found', 'nothing is being captured');
      }
      live.setRule(read);
      return null;
    },
  };

  get status(): LiveStatus {
    return this.#live?.analysis.capture.status ?? NO_LIVE;
  }

  /** The status is that of this capture from now on. @throws RpcError where its rule is wrong */
  async await(capture: CaptureId, options: LiveOptions, joined?: CaptureId): Promise<void> {
    const rule = await readOrRefuse(options.catch);
    const analysis = new LiveAnalysis(options, rule, (order) => this.#host.keepCase({ capture, ...order }));
    this.#live = { capture, joined, analysis };
    analysis.capture.changed.on((status) => {
      if (this.#live?.analysis === analysis) this.changed.emit(status);
    });
    this.changed.emit(this.status);
  }

  /** @throws RpcError where another capture is told of, or none */
  awaited(capture: CaptureId): AwaitedLive {
    if (this.#live?.capture !== capture)
      throw new RpcError('not-found', 'the process that reads captures was started again meanwhile');
    return this.#live;
  }

  /** Something is told of a capture; of an older one nobody wants to know. */
  take({ capture, message, place }: CaptureTold): void {
    if (this.#live?.capture === capture) this.#live.analysis.take(message, place);
  }

  /** Notifies the user, who may not be looking. */
  readonly onCaught = (caught: CaughtCase): void => {
    const { client, server, summary } = caught;
    this.#host.notify({ title: `Reset caught: ${client} → ${server}`, text: summary });
  };
}

/** @throws RpcError 'bad-request' where the rule cannot be followed */
async function readOrRefuse(rule: CatchRule | null): Promise<ReadRule | null> {
  try {
    return rule === null ? null : await readRule(rule);
  } catch (error) {
    throw new RpcError('bad-request', errorText(error));
  }
}
