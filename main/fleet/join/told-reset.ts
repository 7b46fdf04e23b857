/** A row of the table of resets as people are told of it. */
import type { FleetReset } from '../../../shared/model/fleet.ts';
import type { CauseCode } from '../../../shared/model/cause.ts';
import { endpointText } from '../../../shared/format/endpoint.ts';
import type { Row } from '../store.ts';
import { number, resetFacts, text } from './facts.ts';

export const TOLD_COLUMNS = [
  ...['server_name', 'origin_label', 'cause', 'matters', 'summary', 'next', 'file', 'frame', 'case_name'],
] as const;

export function fleetReset(
  row: Row,
  { host, site }: { readonly host: string; readonly site: string },
): FleetReset {
  const { capture, segment, reset, timeNs, ends, claimed, origin, originConfidence, count } = resetFacts(row);
  const end = (one: (typeof ends)['client']): string =>
    one === null ? '' : endpointText(one.address, one.port);
  return {
    ...{ capture, segment, reset, host, site },
    timeMs: Number(timeNs / 1_000_000n),
    client: end(ends.client),
    server: end(ends.server),
    serverName: text(row.server_name),
    ...{ claimed, origin, originLabel: text(row.origin_label) ?? '' },
    confidence: originConfidence,
    cause: (text(row.cause) ?? 'unknown') as CauseCode,
    matters: row.matters === true,
    count,
    summary: text(row.summary) ?? '',
    next: text(row.next) ?? '',
    file: text(row.file),
    frame: number(row.frame),
    caseName: text(row.case_name),
  };
}
