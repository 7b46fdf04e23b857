/** A host with its engine and what captures, all in this process: the parts that a page reaches, without its channels. */
import { Emitter } from '../../shared/base/event.ts';
import type { LiveOptions } from '../../shared/model/live.ts';
import type { Service } from '../../shared/rpc/service.ts';
import type { Access } from '../../main/host/access.ts';
import { join } from 'node:path';
import { CaseBook } from '../../main/host/notes/case-book.ts';
import { Broker } from '../../main/host/broker.ts';
import { EngineService } from '../../main/host/engine-service.ts';
import { Tracer } from '../../main/host/trace.ts';
import type { Notice } from '../../main/host/host-contract.ts';
import { Capturer } from '../../main/host/live/capturer.ts';
import type { LiveParts } from '../../main/host/live/live-parts.ts';

export const EVERYTHING_ALLOWED: Access = {
  mayOpen: () => true,
  mayWrite: () => 'new',
  mayCaptureInto: () => Promise.resolve(true),
  mayCaptureOn: () => Promise.resolve(true),
  mayTrace: () => Promise.resolve(true),
  mayKeepBeside: () => Promise.resolve(true),
  fleets: 'agreed',
  mayLookAt: () => Promise.resolve(true),
  cures: { open: '', write: '', fleet: '', ssh: () => '' },
};

export class WholeApp {
  readonly engine: EngineService;
  readonly capturer: Capturer;
  readonly service: Service;
  readonly remembered: LiveOptions[] = [];
  readonly notices: Notice[] = [];
  readonly opened: (readonly string[])[] = [];
  readonly events: EngineService['events'] & {
    readonly 'open-request': Emitter<{ paths: readonly string[] }>;
  };

  constructor(parts: LiveParts, access: Access = EVERYTHING_ALLOWED) {
    const signal = new AbortController().signal;
    const capturer = new Capturer(parts);
    const engine = new EngineService({
      notify: (notice) => this.notices.push(notice),
      keepCase: (order) => capturer.service.keepCase(order, signal),
    });
    capturer.told.on((told) => {
      void engine.service['control.capture']({ told: [told] }, signal);
    });
    const broker = new Broker({
      engine: engine.service,
      capturer: capturer.service,
      capabilities: { host: 'electron', pickFiles: true, upload: false, version: '1' },
      access,
      captureFolder: parts.captureFolder,
      samples: { list: () => [], pathOf: () => undefined, has: () => false },
      lessons: {
        list: () => [],
        find: () => undefined,
        page: () => undefined,
        captures: () => [],
        has: () => false,
      },
      recent: { list: () => [], has: () => false, forget: () => undefined },
      opened: (paths) => this.opened.push(paths),
      names: { list: () => [], set: (names) => names, remove: () => [] },
      cases: new CaseBook(join(parts.captureFolder, 'cases')),
      tracer: new Tracer(),
      memories: {
        recall: () => ({ filters: ['port 80'], lastOptions: null }),
        remember: (options) => this.remembered.push(options),
      },
      fleet: {
        places: {
          named: [],
          start: null,
          recent: () => [],
          learn: () => undefined,
          whole: (name) => name,
          opened: () => undefined,
        },
        start: () => {
          throw new Error('no fleet is looked at here');
        },
      },
      pickFiles: () => Promise.resolve([]),
      pickSavePath: () => Promise.resolve(null),
    });
    this.engine = engine;
    this.capturer = capturer;
    this.service = { ...engine.service, ...broker.service };
    this.events = { ...engine.events, 'open-request': new Emitter() };
  }

  async dispose(): Promise<void> {
    await this.capturer.service.stop({}, new AbortController().signal);
    await this.engine.dispose();
  }
}
