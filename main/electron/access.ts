/** What the page of the desktop window may reach: what the user named in dialogs, by dropping it, or to the command line. */
import { storeOf } from '../../shared/fleet/place-name.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import type { Access } from '../host/access.ts';
import type { Confirmations } from '../host/confirmations.ts';
import type { FleetPlaces } from '../host/fleet/fleet-places.ts';
import type { GrantedPaths } from '../host/granted-paths.ts';
import { isInside } from '../host/live/capture-folder.ts';

export interface Question {
  readonly message: string;
  readonly detail: string;
  /** The button that says yes. */
  readonly accept: string;
}

export interface DesktopAccessOptions {
  readonly mayOpen: GrantedPaths;
  /** What a save dialog gave, which asked whether to replace what is there. */
  readonly mayReplace: GrantedPaths;
  /** What the user confirmed once, here or in an earlier run. */
  readonly confirmed: Confirmations;
  readonly fleets: Pick<FleetPlaces, 'named' | 'wasOpened'>;
  /** Shows a dialog of the system, which no page can answer. */
  readonly ask: (question: Question) => Promise<boolean>;
}

export function desktopAccess({ mayOpen, mayReplace, confirmed, fleets, ask }: DesktopAccessOptions): Access {
  return {
    mayOpen: (path) =>
      mayOpen.has(path) || confirmed.list('folders').some((folder) => isInside(folder, path)),
    mayWrite: (path) => {
      if (mayReplace.has(path)) return 'replace';
      return confirmed.list('folders').some((folder) => isInside(folder, path)) ? 'new' : 'no';
    },
    mayCaptureInto: (folder) =>
      confirmed.once('folders', folder, () =>
        ask({
          message: `Keep captures in ${sanitiseText(folder, 500)}?`,
          detail:
            'Resetscope will write captures there, and show those that lie there. It asks once for each folder.',
          accept: 'Keep them there',
        }),
      ),
    mayCaptureOn: (host) =>
      confirmed.once('sshHosts', host, () =>
        ask({
          message: `Capture on ${sanitiseText(host, 300)} over ssh?`,
          detail:
            'Resetscope will log in there with your ssh keys and run tcpdump. It asks once for each machine.',
          accept: 'Capture there',
        }),
      ),
    mayTrace: (target) =>
      ask({
        message: `Ask the way to ${sanitiseText(target, 100)}?`,
        detail: 'Resetscope will run traceroute, which sends probes there and to the routers on the way.',
        accept: 'Run traceroute',
      }),
    mayKeepBeside: (capture) =>
      ask({
        message: `Keep notes beside ${sanitiseText(capture, 500)}?`,
        detail:
          'Resetscope will keep a file with your notes there, named after the capture, or remove it again.',
        accept: 'Keep them there',
      }),
    fleets: 'agreed',
    mayLookAt: (place) => {
      if (fleets.named.includes(place) || fleets.wasOpened(place)) return Promise.resolve(true);
      if (storeOf(place) === 'folder') return Promise.resolve(mayOpen.has(place));
      return ask({
        message: `Look at the fleet of ${sanitiseText(place, 300)}?`,
        detail:
          'Resetscope will connect to that server, with the password that was typed, and ask it about resets.',
        accept: 'Connect',
      });
    },
    cures: {
      open: 'was not picked, dropped, named on the command line or opened before; open it with File, Open',
      fleet: 'was not picked or agreed to; pick its folder, or type the address again and agree',
      write: '; pick a place in the dialog to write elsewhere',
      ssh: () => ': the question was answered with no; start again to be asked again',
    },
  };
}
