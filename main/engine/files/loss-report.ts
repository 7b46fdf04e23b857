/** Turns what was counted while reading into warnings for people: one of each kind per file. */
import type { LetGo } from '../../../shared/model/capture.ts';
import type { ReadWarning, WarningCode } from '../../../shared/model/warning.ts';
import { countText, plural } from '../../../shared/format/count.ts';
import type { FileState } from './file-state.ts';
import { NotOpened } from './not-opened.ts';
import type { LimitCounter, LimitName } from '../limits.ts';
import { LIMITS } from '../limits.ts';

/** Packets of one file by what they lacked. */
export class PacketCounters {
  malformed = 0;
  cut = 0;
  /** Fragmented datagrams whose first fragment came and that are not complete. */
  incomplete = 0;
  readonly notOpened = new NotOpened();
}

function warning(code: WarningCode, message: string, lossy: boolean): ReadWarning {
  return { code, message, offset: undefined, packet: undefined, lossy };
}

/** What the packets of one file lacked: what could not be opened, and what is no fault of the file. */
export function packetWarnings(file: FileState, counted: PacketCounters): ReadWarning[] {
  const warnings = counted.notOpened.warnings();
  const { malformed, cut, incomplete } = counted;
  if (malformed > 0) {
    const what = malformed === 1 ? 'packet whose headers contradict' : 'packets whose headers contradict';
    const rest = malformed === 1 ? 'itself was not analysed' : 'themselves were not analysed';
    warnings.push(warning('malformed-packets', `${countText(malformed)} ${what} ${rest}`, false));
  }
  if (cut > 0) {
    warnings.push(
      warning(
        'packets-cut-by-snaplen',
        `${plural(cut, 'packet was', 'packets were')} cut so short that a header is incomplete; capture with a larger snaplen`,
        false,
      ),
    );
  }
  if (incomplete > 0) {
    warnings.push(
      warning(
        'incomplete-fragments',
        `${plural(incomplete, 'datagram')} came in IP fragments that are not all here and ${incomplete === 1 ? 'was' : 'were'} not analysed; a capture filter for ports passes first fragments only`,
        false,
      ),
    );
  }
  if (file.times.backwards > 0) {
    warnings.push(
      warning(
        'clock-went-backwards',
        `the capture's clock went back by more than a second ${plural(file.times.backwards, 'time')}; idle times and timing evidence may be wrong`,
        false,
      ),
    );
  }
  const dropped = file.dropped;
  if (dropped !== undefined && dropped > 0) {
    warnings.push(
      warning(
        'capture-dropped-packets',
        `the capturing machine lost ${plural(dropped, 'packet')}; absence of a packet proves nothing here`,
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
const REACHED: Readonly<Partial<Record<LimitName, (hits: number, most: string) => string>>> = {
  maxFlows: (hits, most) =>
    `${plural(hits, 'packet was', 'packets were')} not analysed, for connections beyond the ${most} that are kept; a capture filter or editcap makes the file smaller`,
  maxIcmpErrors: (hits, most) =>
    `${plural(hits, 'ICMP error')} beyond the ${most} that are listed ${verb(hits)} joined to connections only`,
  maxNames: (hits, most) =>
    `${plural(hits, 'name')} beyond the ${most} that are kept ${verb(hits)} not learned; addresses stand instead`,
  maxHintedFlows: (hits, most) =>
    `${plural(hits, 'payload was', 'payloads were')} not looked at for an application protocol, since ${most} connections are already`,
  maxFragmentedDatagrams: (hits, most) =>
    `${plural(hits, 'datagram was', 'datagrams were')} given up before all fragments came, since more than ${most} waited at once; what was in there was not analysed`,
  maxWaitingResets: (hits, most) =>
    `${plural(hits, 'reset or burst of resets', 'resets or bursts of them')} came too fast to be judged, since more than ${most} waited at once; analysing the kept files afterwards judges those that they hold`,
  maxJoinedVantages: (hits, most) =>
    `${plural(hits, 'capture')} beyond the first ${most} ${verb(hits)} not compared with the others; open those of one path by themselves`,
  maxFailures: (hits, most) =>
    `${plural(hits, 'failure')} beyond the ${most} that are kept one by one ${verb(hits)} counted and grouped only`,
};

const verb = (count: number): string => (count === 1 ? 'was' : 'were');

/** Limits that were hit so far; each is reported once. */
export function limitWarnings(limits: LimitCounter): ReadWarning[] {
  return limits.takeNew().map(([name, hits]) => {
    const most = countText(LIMITS[name]);
    const told = REACHED[name]?.(hits, most) ?? `limit ${name} (${most}) was reached ${plural(hits, 'time')}`;
    return warning('limit-reached', told, name === 'maxWaitingResets' || name === 'maxFlows');
  });
}

/** What an endless capture let go of so far. */
export function letGoWarning({ packets, flows, resets }: LetGo): ReadWarning {
  const what = `${plural(packets, 'packet')}, ${plural(flows, 'connection')} and ${plural(resets, 'reset')}`;
  const message = `to keep memory bounded, older ones were let go: ${what} so far; findings go on counting them`;
  return warning('limit-reached', message, false);
}
