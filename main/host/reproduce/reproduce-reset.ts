/** Gathers what `shared/reproduce` needs of a reset out of an analysis. */
import type { PacketNumber } from '../../../shared/base/units.ts';
import { RpcError } from '../../../shared/contract/errors.ts';
import { endpointParts } from '../../../shared/format/endpoint.ts';
import type { Reproduction, ScriptLanguage } from '../../../shared/model/reproduction.ts';
import type { Side } from '../../../shared/model/verdict.ts';
import type { HttpStatus } from '../../../shared/reproduce/plan.ts';
import { reproduce } from '../../../shared/reproduce/reproduce.ts';
import { exchangeUntil } from '../../engine/answers/exchange.ts';
import type { Session } from '../../engine/session.ts';

/**
 * @param side whose part is played; the side whose address the reset carries where it is left out
 * @throws RpcError 'not-found' where the reset or its packets were let go
 */
export function reproduceReset(
  session: Session,
  reset: number,
  language: ScriptLanguage,
  side?: Side,
): Reproduction {
  const account = session.hasReset(reset) ? session.findAccount(reset) : undefined;
  if (account === undefined) {
    throw new RpcError(
      'not-found',
      `the details of reset number ${reset} were let go to keep memory bounded`,
    );
  }
  const packet = session.resets.packet(reset);
  if (!session.packets.holds(packet)) {
    throw new RpcError(
      'not-found',
      `the packets around reset number ${reset} were let go to keep memory bounded`,
    );
  }
  const flow = session.packets.flow(packet);
  const captured = {
    verdict: account.verdict,
    exchange: exchangeUntil(session, flow, packet),
    frame: account.row.frame,
    serverPort: endpointParts(account.row.server).port ?? 0,
    httpStatus: statusOf(session, packet),
  };
  return reproduce(captured, language, side);
}

function statusOf(session: Session, packet: PacketNumber): HttpStatus | null {
  const status = session.hints(session.packets.flow(packet))?.httpStatus;
  if (status === null || status === undefined) return null;
  return { code: status.code, contentLength: status.contentLength, packet: status.packet };
}
