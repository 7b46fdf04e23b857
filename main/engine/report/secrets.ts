/** What of hosts and people is in the texts of a report: what must not remain when it is anonymised. */
import type { FailureDetail, FailureGroup } from '../../../shared/model/failure.ts';
import type { FlowHints } from '../../../shared/model/hints.ts';
import type { ResetAccount, ResetDetail } from '../../../shared/model/capture.ts';
import type { FlowRow } from '../../../shared/model/rows.ts';
import type { ReportSecrets } from '../../../shared/model/report.ts';
import { addressOf } from '../../../shared/texts/named-text.ts';

/** Kept at most: more hosts than a report can name. */
const MOST = 20_000;

export class SecretBook {
  readonly #hosts = new Map<string, ReportSecrets['hosts'][number]['side']>();
  readonly #names = new Set<string>();
  readonly #texts = new Set<string>();

  ends(client: string, server: string, serverName: string): void {
    this.host(addressOf(client), 'client');
    this.host(addressOf(server), 'server');
    this.name(serverName);
  }

  host(address: string, side: ReportSecrets['hosts'][number]['side']): void {
    if (address !== '' && this.#hosts.size < MOST && !this.#hosts.has(address))
      this.#hosts.set(address, side);
  }

  name(name: string): void {
    if (name !== '' && this.#names.size < MOST) this.#names.add(name);
  }

  text(text: string | null | undefined): void {
    if (text !== null && text !== undefined && text !== '' && this.#texts.size < MOST) this.#texts.add(text);
  }

  reset(detail: ResetDetail): void {
    const { row, packets, hints } = detail;
    this.ends(row.client, row.server, row.serverName);
    this.said(detail);
    this.#packets(packets);
    this.hints(hints);
  }

  /** What programs and devices wrote, or are called. */
  said({ owners, witness, payloadText }: Pick<ResetAccount, 'owners' | 'witness' | 'payloadText'>): void {
    for (const owner of [owners.client, owners.server, witness?.process ?? null]) {
      this.text(owner?.name);
      this.text(owner?.cgroup);
    }
    this.text(payloadText);
  }

  failure({ row, packets, hints }: FailureDetail): void {
    this.ends(row.client, row.server, row.serverName);
    this.#packets(packets);
    this.hints(hints);
  }

  flow({ client, server, serverName }: FlowRow, packets: ResetDetail['packets']): void {
    this.ends(client, server, serverName);
    this.#packets(packets);
  }

  group({ server, serverName }: FailureGroup): void {
    this.host(addressOf(server), 'server');
    this.name(serverName);
  }

  get secrets(): ReportSecrets {
    return {
      hosts: Array.from(this.#hosts, ([address, side]) => ({ address, side })),
      names: [...this.#names],
      texts: [...this.#texts],
    };
  }

  #packets(packets: ResetDetail['packets']): void {
    for (const { source, destination, sourceName, destinationName } of packets) {
      this.host(source, 'other');
      this.host(destination, 'other');
      this.name(sourceName);
      this.name(destinationName);
    }
  }

  hints(hints: FlowHints | null): void {
    if (hints === null) return;
    this.name(hints.serverName ?? '');
    this.name(hints.http?.host ?? '');
    this.text(hints.banner);
    this.text(hints.http?.target);
    this.text(hints.http?.userAgent);
    this.text(hints.httpStatus?.reason);
    this.text(hints.http2?.goAway?.text);
    this.text(hints.error?.text);
  }
}
