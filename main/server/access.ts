/** What a page in a browser may reach: what the command line says, for a browser cannot ask the user. */
import { shellWord } from '../capture/live/sources/source.ts';
import type { Access } from '../host/access.ts';

export interface AccessOptions {
  /** Files of the command line. */
  readonly paths: readonly string[];
  readonly isUpload: (path: string) => boolean;
  /** --allow-paths */
  readonly allowPaths: boolean;
  /** --allow-ssh */
  readonly sshHosts: readonly string[];
  /** Of --fleet and RESETSCOPE_FLEET, by their names without passwords. */
  readonly fleets: readonly string[];
}

export function serverAccess({ paths, isUpload, allowPaths, sshHosts, fleets }: AccessOptions): Access {
  return {
    mayOpen: (path) => allowPaths || paths.includes(path) || isUpload(path),
    mayWrite: () => (allowPaths ? 'new' : 'no'),
    mayCaptureInto: () => Promise.resolve(allowPaths),
    mayCaptureOn: (host) => Promise.resolve(sshHosts.includes(host)),
    // One program at a time sends a few dozen probes; a page that is let in may start captures as well.
    mayTrace: () => Promise.resolve(true),
    // Somebody named the capture and may well hand it on; an upload's folder goes with the server.
    mayKeepBeside: (capture) =>
      Promise.resolve(allowPaths || (paths.includes(capture) && !isUpload(capture))),
    fleets: 'named',
    mayLookAt: (place) => Promise.resolve(fleets.includes(place)),
    cures: {
      open:
        'was not named on the command line, uploaded or opened before; ' +
        'start with --allow-paths to open any file from the browser',
      fleet: 'was not named on the command line; start with --fleet to look at it in the browser',
      write: '; start with --allow-paths to write anywhere from the browser',
      ssh: (host) => `; start with --allow-ssh ${shellWord(host)} to capture there from the browser`,
    },
  };
}
