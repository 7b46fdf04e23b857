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

/** Limits that were hit so far; each is reported once. */
export function limitWarnings(limits: LimitCounter): ReadWarning[] {
  return limits
    .takeNew()
    .map(([name, hits]) =>
      warning(
        'limit-reached',
        `limit ${name} (${countText(LIMITS[name as LimitName])}) was reached ${countText(hits)} times`,
        false,
      ),
    );
}

/** What an endless capture let go of so far. */
export function letGoWarning({ packets, flows, resets }: LetGo): ReadWarning {
  const what = `${countText(packets)} packets, ${countText(flows)} connections and ${countText(resets)} resets`;
  const message = `to keep memory bounded, older ones were let go: ${what} so far; findings go on counting them`;
  return warning('limit-reached', message, false);
}
