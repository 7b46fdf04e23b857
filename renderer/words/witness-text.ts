/** What the kernel of the capturing machine says of a reset, in words. */
import type { Side } from '../../shared/model/verdict.ts';
import type { KernelWitness, SocketOwner } from '../../shared/model/witness.ts';
import { sanitiseText } from '../../shared/format/text.ts';

/** Longer names of processes and cgroups are cut. */
const MAX_NAME = 200;

/** Reasons of include/net/rstreason.h that need more than their own name. */
const REASON_TEXT: Readonly<Record<string, string>> = {
  NO_SOCKET: 'no socket was there to take the segment',
  TCP_ABORT_ON_DATA: 'the process closed its socket while data for it was unread or still coming',
  TCP_ABORT_ON_CLOSE: 'the process closed its socket with data unread',
  TCP_ABORT_ON_LINGER: 'the process closed its socket with a linger time of zero',
  TCP_ABORT_ON_MEMORY: 'the kernel ran out of memory for TCP, or of orphaned sockets',
  TCP_KEEPALIVE_TIMEOUT: 'keepalive probes stayed unanswered',
  TCP_DISCONNECT_WITH_DATA: 'the process disconnected its socket with data in flight',
  TCP_TIMEWAIT_SOCKET: 'the connection was already in TIME-WAIT',
  TCP_STATE: 'the socket ended in a state that is closed by a reset',
  INVALID_SYN: 'a SYN came into an open connection',
  TCP_FLAGS: 'the segment carried flags that do not belong there',
  TCP_OLD_ACK: 'the segment acknowledged what was acknowledged long before',
  TCP_TOO_OLD_ACK: 'the segment acknowledged what was acknowledged long before',
  TCP_ACK_UNSENT_DATA: 'the segment acknowledged data that was never sent',
  TCP_INVALID_ACK_SEQUENCE: 'the segment acknowledged data that was never sent',
  TCP_RFC7323_PAWS: 'the timestamp of the segment was older than the last one',
};

export function witnessTitle({ word }: KernelWitness): string {
  switch (word) {
    case 'sent':
      return 'This machine’s kernel sent this reset';
    case 'not-sent':
      return 'This machine’s kernel did not send this reset';
    case 'received':
      return 'This machine’s kernel took this reset';
  }
}

/** @param claimed side whose address the reset carries */
export function witnessText({ word, process }: KernelWitness, claimed: Side): string {
  switch (word) {
    case 'sent':
      return process === null
        ? 'It says so itself: nothing has to be inferred.'
        : `It says so itself, and on whose behalf: ${ownerName(process)}.`;
    case 'not-sent':
      return `The reset carries the address of the ${claimed}, which is this machine. Its kernel was watched without a gap and made no such reset: somebody else did.`;
    case 'received':
      return process === null
        ? 'It reached a socket of this machine and ended that connection.'
        : `It reached a socket of ${ownerName(process)} and ended that connection.`;
  }
}

/** The kernel's reason in words; the bare name where there are none. */
export function reasonText(reason: string): string {
  return REASON_TEXT[reason] ?? sanitiseText(reason, MAX_NAME);
}

/** `nginx[812]`. */
export function ownerName({ name, pid }: SocketOwner): string {
  return `${sanitiseText(name, MAX_NAME)}[${pid}]`;
}

export interface OwnerPlace {
  readonly kind: 'container' | 'service';
  readonly name: string;
}

/**
 * What a cgroup is called by people: the container's short id, or the service; null where the path names neither.
 * Docker, Podman, containerd and CRI-O write 64 hexadecimal digits, of which people use 12.
 */
export function ownerPlace({ cgroup }: SocketOwner): OwnerPlace | null {
  if (cgroup === null) return null;
  const id = /[0-9a-f]{64}/.exec(cgroup)?.[0];
  if (id !== undefined) return { kind: 'container', name: id.slice(0, 12) };
  const units = cgroup.split('/').flatMap((part) => {
    const [, name, kind] = /^(.+)\.(service|scope|slice)$/.exec(part) ?? [];
    return kind === undefined ? [] : [{ name, kind }];
  });
  // A service says most; slices only group.
  const unit =
    units.findLast(({ kind }) => kind === 'service') ??
    units.findLast(({ kind }) => kind === 'scope') ??
    units.at(-1);
  return unit === undefined ? null : { kind: 'service', name: sanitiseText(unit.name, MAX_NAME) };
}

/** The place of a process, to stand in a row with other words; null where none is known. */
export function ownerPlaceText(owner: SocketOwner): string | null {
  const place = ownerPlace(owner);
  if (place === null) return null;
  return place.kind === 'container' ? `container ${place.name}` : place.name;
}
