/** Words and evidence that several kinds of failure share. */
import type { FlowRecord } from '../../../../shared/base/units.ts';
import type { FailureEvidence } from '../../../../shared/model/failure.ts';
import type { Side } from '../../../../shared/model/verdict.ts';
import { countText, plural } from '../../../../shared/format/count.ts';
import type { BodyProgress } from '../../stream/http-body.ts';
import type { EndingCase } from '../found.ts';
import { evidence } from '../found.ts';

/** How much less sure a failure is where the capture lost packets. */
const LOST_PACKETS = 0.1;

/** That the client scans, and that another address was reached at the same moment: both make a failure harmless. */
export function harmlessBy(
  c: EndingCase,
  isScan: boolean,
  twin: FlowRecord | undefined,
): readonly FailureEvidence[] {
  const found: FailureEvidence[] = [];
  if (isScan)
    found.push(
      evidence(
        'scan',
        `${c.clientAddress} tried many ports or hosts, and few answered: it looks like a scan.`,
      ),
    );
  if (twin !== undefined)
    found.push(
      evidence('twin-connected', `At the same moment a connection to ${c.view.addressText(twin, 1)} worked.`),
    );
  return found;
}

/** That what is missing may be among what the capture lost. */
export function lostByCapture({ view }: EndingCase): readonly FailureEvidence[] {
  if ((view.dropped ?? 0) === 0) return [];
  return [evidence('capture-lost-packets', 'The capture lost packets; an answer may be among them.')];
}

/** A confidence, less where the capture lost packets. */
export function lessWhereLost(confidence: number, { view }: EndingCase): number {
  return (view.dropped ?? 0) > 0 ? confidence - LOST_PACKETS : confidence;
}

/** "GET /a", where the newest request of HTTP is known. */
export function requestText({ hints }: EndingCase): string {
  const http = hints?.http;
  return http ? `${http.method} ${http.target}` : 'a request';
}

/** "5 of 900 bytes" */
export function shortText({ came, announced }: BodyProgress & { readonly announced: number }): string {
  return `${countText(came)} of ${plural(announced, 'byte')}`;
}

/** A side that sends and the one that should hear it. */
export interface Ends {
  readonly from: Side;
  readonly to: Side;
  /** Address and port. */
  readonly sender: string;
  readonly receiver: string;
  readonly senderAddress: string;
  readonly receiverAddress: string;
}

export function endsOf({ client, server, clientAddress, serverAddress }: EndingCase, sender: 0 | 1): Ends {
  return sender === 0
    ? {
        from: 'client',
        to: 'server',
        sender: client,
        receiver: server,
        senderAddress: clientAddress,
        receiverAddress: serverAddress,
      }
    : {
        from: 'server',
        to: 'client',
        sender: server,
        receiver: client,
        senderAddress: serverAddress,
        receiverAddress: clientAddress,
      };
}

/** That nothing to the client was captured at all. */
export function noReturnTraffic({ clientAddress }: EndingCase): FailureEvidence {
  return evidence(
    'no-return-traffic',
    `No packet to ${clientAddress} is in this capture: answers may take another way than past this point.`,
  );
}
