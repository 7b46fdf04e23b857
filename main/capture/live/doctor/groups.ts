/** Groups of users on this machine, as /etc/group has them (group(5)). */
import { readFile } from 'node:fs/promises';

export interface Group {
  /** Its number as text where it has no name. */
  readonly name: string;
  /** `now`: this process is in it. `from-next-login`: the user was added after the session began. */
  readonly membership: Membership;
}

export type Membership = 'now' | 'from-next-login' | 'no';

export async function groupOf(gid: number, userName: string): Promise<Group> {
  const text = await readFile('/etc/group', 'utf8').catch(() => '');
  const isInIt = process.getegid?.() === gid || process.getgroups?.().includes(gid) === true;
  return readGroup(text, gid, userName, isInIt);
}

/** @param isInIt whether this process has the group */
export function readGroup(text: string, gid: number, userName: string, isInIt: boolean): Group {
  const fields = text
    .split('\n')
    .map((line) => line.split(':'))
    .find(([, , number]) => number === String(gid));
  const isListed = (fields?.[3] ?? '').split(',').includes(userName);
  return {
    name: fields?.[0] ?? String(gid),
    membership: isInIt ? 'now' : isListed ? 'from-next-login' : 'no',
  };
}
