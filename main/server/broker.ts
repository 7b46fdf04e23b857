/**
 * What a browser may ask. Most goes on to the engine; what is about this host is answered here, and so is the question
 * which files may be opened: never in the process that parses hostile input.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Capabilities, RecentFile } from '../../shared/contract/methods.ts';
import { RpcError } from '../../shared/contract/errors.ts';
import type { Service } from '../../shared/rpc/service.ts';
import { isInside } from '../host/live/capture-folder.ts';

export interface BrokerOptions {
  readonly engine: Service;
  readonly capabilities: Capabilities;
  /** The user named this file to us: command line, upload, or recently. */
  readonly mayOpen: (path: string) => boolean;
  /** Where live captures go; a page may have files written there. */
  readonly captureFolder: string;
  /** It may have them written anywhere (--allow-paths). */
  readonly allowPaths: boolean;
  readonly recent: {
    list(): readonly RecentFile[];
    forget(path: string): void;
  };
}

export function brokerService({
  engine,
  capabilities,
  mayOpen,
  captureFolder,
  allowPaths,
  recent,
}: BrokerOptions): Service {
  const writable = (path: string): string => {
    const absolute = resolve(captureFolder, path);
    if (!allowPaths && absolute !== resolve(captureFolder) && !isInside(captureFolder, absolute)) {
      throw new RpcError(
        'bad-request',
        `${absolute} is not in ${captureFolder}; start with --allow-paths to write anywhere from the browser`,
      );
    }
    return absolute;
  };
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
    'live.start': ({ options }, signal) => {
      const folder = options.folder === null ? null : writable(options.folder);
      return engine['live.start']({ options: { ...options, folder } }, signal);
    },
    'live.save': ({ path }, signal) => {
      const target = writable(path);
      // A browser cannot ask whether to replace it.
      if (existsSync(target)) throw new RpcError('bad-request', `${target} exists already`);
      return engine['live.save']({ path: target }, signal);
    },
  };
}
