/** The kernel's word as evidence, verdict and account show it. */
import type { KernelWitness, SocketOwner } from '../../../../shared/model/witness.ts';
import type { EvidenceList } from '../evidence/evidence-list.ts';
import type { ResetFacts } from '../observe/facts.ts';
import { sideName } from '../words/labels.ts';
import { plainReason, reasonDeed, reasonEvent } from './reasons.ts';
import type { Testimony } from './testimony.ts';

export function kernelEvidence(t: Testimony, f: ResetFacts, list: EvidenceList): void {
  if (t.word === 'sent') list.add(t.isOwn ? 'kernel-sent' : 'kernel-sent-for-another', f.at);
  else if (t.word === 'not-sent-in') list.add('kernel-did-not-send', f.at);
  else if (t.word === 'not-sent-out') list.add('kernel-did-not-send-own', f.at);
}

/** "nginx[812]" */
export function ownerText({ name, pid }: SocketOwner): string {
  return pid === 0 ? name : `${name}[${pid}]`;
}

/** "nginx[812] closed the socket with unread data"; undefined where the kernel gave neither reason nor process. */
export function deedText(t: Testimony): string | undefined {
  if (t.said === null) return undefined;
  const reason = plainReason(t.said.reason);
  const { process } = t.said;
  const deed = reasonDeed(reason);
  if (process !== null && deed !== undefined) return `${ownerText(process)} ${deed}`;
  return reasonEvent(reason);
}

export type KernelCode =
  'kernel-sent' | 'kernel-sent-for-another' | 'kernel-did-not-send' | 'kernel-did-not-send-own';

export function kernelEvidenceText(code: KernelCode, t: Testimony, f: ResetFacts): string {
  const deed = deedText(t);
  switch (code) {
    case 'kernel-sent':
      return `The kernel of the capturing machine says that it sent this reset itself${deed === undefined ? '' : `: ${deed}`}.`;
    case 'kernel-sent-for-another':
      return `The kernel of the capturing machine sent this reset, for a container or another socket whose address is not the machine's own${deed === undefined ? '' : `: ${deed}`}.`;
    case 'kernel-did-not-send':
      return `The ${sideName(f.sender)} is the capturing machine; its kernel was watched and did not send this reset, which came in from outside.`;
    case 'kernel-did-not-send-own':
      return `It left the capturing machine in its own name, but its TCP did not send it: a firewall rule there, or a program with a raw socket.`;
  }
}

/** For the account of a reset. */
export function kernelWitness(t: Testimony): KernelWitness | null {
  switch (t.word) {
    case 'none':
    case 'not-received':
      return null;
    case 'not-sent-in':
    case 'not-sent-out':
      return { word: 'not-sent', reason: null, process: null };
    case 'sent':
    case 'received':
      return { word: t.word, reason: t.said?.reason ?? null, process: t.said?.process ?? null };
  }
}
