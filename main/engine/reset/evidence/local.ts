/**
 * Evidence from the capture's own record of direction (Linux cooked captures, pcapng flags): what left this machine was
 * made on it or forwarded by it; what came in was not.
 */
import type { ResetFacts } from '../observe/facts.ts';
import type { EvidenceList } from './evidence-list.ts';

export function localEvidence(f: ResetFacts, list: EvidenceList): void {
  if (f.out) {
    const senderIsLocal = f.senderOut > 0 && f.senderIn === 0;
    // A machine that forwards sees every packet of the sender come in as well.
    const senderIsRemote = f.senderIn > 0 && f.senderOut >= 0 && f.senderIn >= f.senderOut;
    if (senderIsLocal) list.add('sent-from-here', f.lastAt[f.sender]);
    else if (senderIsRemote && !f.copy) list.add('made-here-for-another', f.lastAt[f.sender]);
    return;
  }
  // Where the other side's packets leave as well, this machine forwards, and the capture missed how the sender's came in.
  const forwards = f.receiverOut > 0;
  if (f.in && f.senderOut > 0 && f.senderIn === 0 && !forwards)
    list.add('own-address-from-outside', f.lastAt[f.sender]);
}
