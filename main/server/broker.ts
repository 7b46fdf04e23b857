/**
 * What a browser may ask. Most goes on to the engine; what is about this host is answered here, and so is the question
 * which files may be opened: never in the process that parses hostile input.
 */
import { resolve } from 'node:path';
import type { Capabilities, RecentFile } from '../../shared/contract/methods.ts';
import { RpcError } from '../../shared/contract/errors.ts';
import type { Service } from '../../shared/rpc/service.ts';

export interface BrokerOptions {
  readonly engine: Service;
  readonly capabilities: Capabilities;
  /** The user named this file to us: command line, upload, or recently. */
  readonly mayOpen: (path: string) => boolean;
  readonly recent: {
    list(): readonly RecentFile[];
    forget(path: string): void;
  };
}

export function brokerService({ engine, capabilities, mayOpen, recent }: BrokerOptions): Service {
  return {
    ...engine,
    'host.capabilities': () => Promise.resolve(capabilities),
    'host.recent': () => Promise.resolve(recent.list()),
    'host.forgetRecent': ({ path }) => {
      recent.forget(path);
      return Promise.resolve(null);
    },
    'host.pickFiles': () => Promise.resolve([]),
    'host.pickSavePath': () => Promise.resolve(null),
    'capture.open': ({ paths, follow }, signal) => {
      const absolute = paths.map((path) => resolve(path));
      const refused = absolute.find((path) => !mayOpen(path));
      if (refused !== undefined) {
        throw new RpcError(
          'bad-request',
          `${refused} was not named on the command line, uploaded or opened before; ` +
            'start with --allow-paths to open any file from the browser',
        );
      }
      return engine['capture.open']({ paths: absolute, follow }, signal);
    },
  };
}
