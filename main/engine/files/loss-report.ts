/** Turns what was counted while reading into warnings for people: one of each kind per file. */
import type { LetGo } from '../../../shared/model/capture.ts';
import type { ReadWarning, WarningCode } from '../../../shared/model/warning.ts';
import { countText } from '../../../shared/format/count.ts';
import type { FileState } from './file-state.ts';
import type { LimitCounter, LimitName } from '../limits.ts';
import { LIMITS } from '../limits.ts';

/** Packets of one file by what they lacked. */
export interface PacketCounters {
  malformed: number;
  cut: number;
  unknownLink: number;
}

function warning(code: WarningCode, message: string, lossy: boolean): ReadWarning {
  return { code, message, offset: undefined, packet: undefined, lossy };
}

/** What the packets of one file lacked. None of it means that the file itself could not be read. */
export function packetWarnings(file: FileState, counted: PacketCounters): ReadWarning[] {
  const warnings: ReadWarning[] = [];
  if (counted.unknownLink > 0) {
    const types = file.linkTypes.join(', ');
    warnings.push(
      warning(
        'unsupported-link-type',
        `${countText(counted.unknownLink)} packets of a link type that is not decoded (${types})`,
        true,
      ),
    );
  }
  if (counted.malformed > 0) {
    warnings.push(
      warning(
        'malformed-packets',
        `${countText(counted.malformed)} packets whose headers contradict themselves were not analysed`,
        false,
      ),
    );
  }
  if (counted.cut > 0) {
    warnings.push(
      warning(
        'packets-cut-by-snaplen',
        `${countText(counted.cut)} packets were cut so short that a header is incomplete; capture with a larger snaplen`,
        false,
      ),
    );
  }
  if (file.times.backwards > 0) {
    warnings.push(
      warning(
        'clock-went-backwards',
        `the capture's clock went back by more than a second ${countText(file.times.backwards)} times; idle times and timing evidence may be wrong`,
        false,
      ),
    );
  }
  const dropped = file.dropped;
  if (dropped !== undefined && dropped > 0) {
    warnings.push(
      warning(
        'capture-dropped-packets',
        `the capturing machine lost ${countText(dropped)} packets; absence of a packet proves nothing here`,
        false,
      ),
    );
  }
  return warnings;
}

/**
 * What it means that a limit was reached, where a flood does that: what is missing now, and what cures it. Of all others, which only
 * made-up files reach, the name is told.
 */
const REACHED: Readonly<Partial<Record<LimitName, (hits: string, most: string) => string>>> = {
  maxFlows: (hits, most) =>
    `${hits} packets belong to connections beyond the ${most} that are kept, and were not analysed; a capture filter or editcap makes the file smaller`,
  maxIcmpErrors: (hits, most) =>
    `${hits} ICMP errors beyond the ${most} that are listed were joined to their connections only`,
  maxNames: (hits, most) =>
    `${hits} names beyond the ${most} that are kept were not learned; addresses stand for them`,
  maxHintedFlows: (hits, most) =>
    `${hits} payloads belong to connections beyond the ${most} whose application protocol is looked at`,
  maxFragmentedDatagrams: (hits, most) =>
    `${hits} datagrams were given up before all of their fragments came, since more than ${most} waited at once; what they carried was not analysed`,
  maxWaitingResets: (hits, most) =>
    `${hits} resets or bursts of them came too fast to be judged, since more than ${most} waited at once; analysing the kept files afterwards judges all`,
  maxFailures: (hits, most) =>
    `${hits} failures beyond the ${most} that are kept one by one are counted and grouped only`,
};

/** Limits that were hit so far; each is reported once. */
export function limitWarnings(limits: LimitCounter): ReadWarning[] {
  return limits.takeNew().map(([name, hits]) => {
    const most = countText(LIMITS[name]);
    const told =
      REACHED[name]?.(countText(hits), most) ??
      `limit ${name} (${most}) was reached ${countText(hits)} times`;
    return warning('limit-reached', told, name === 'maxWaitingResets' || name === 'maxFlows');
  });
}

/** What an endless capture let go of so far. */
export function letGoWarning({ packets, flows, resets }: LetGo): ReadWarning {
  const what = `${countText(packets)} packets, ${countText(flows)} connections and ${countText(resets)} resets`;
  const message = `to keep memory bounded, older ones were let go: ${what} so far; findings go on counting them`;
  return warning('limit-reached', message, false);
}
