/** What to do about a reset that the capturing machine made in the name of a host that it forwards for: the answer is there. */
import { isMadeHere } from '../labels.ts';
import type { Situation } from './advice.ts';

/** Null where another made it. */
export function forwarderStep({ c, cause }: Situation): string | null {
  const { f, list, view } = c;
  if (c.kind !== 'middlebox' || !isMadeHere(list)) return null;
  const client = view.addressText(f.flow, 0);
  const server = view.addressText(f.flow, 1);
  const table = `conntrack -L -s ${client} -d ${server}`;
  const isLost = cause.code === 'stateful-device-lost-flow' || cause.code === 'nat-state-lost';
  const rules = 'nft list ruleset (or iptables-save) for reject with tcp reset';
  return isLost
    ? `The machine that captured made it: on it look for an entry of this connection (${table}) and its timeouts (sysctl net.netfilter | grep timeout), then at ${rules} of packets without one.`
    : `The machine that captured made it: search its ${rules} that fits ${server}, and let it pass if the connection is wanted.`;
}
