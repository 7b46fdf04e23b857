import { defineCause } from './cause.ts';
import { TRANSLATION } from './settings/translation.ts';

export const translationMissing = defineCause({
  code: 'translation-missing',
  title: 'Address translation missing',
  what: 'A packet of a live connection came with an address or port that a translator should have replaced. The host knew no connection of that name and answered with a reset, as RFC 9293 asks.',
  seen: 'The side whose packets were not translated sees connection reset by peer; connects that never get a translated answer run into a timeout.',
  fatal:
    'Fatal where the reset reaches the true connection through the translator; a stray answer after a close is noise.',
  unlike:
    'A host without the connection answers packets under the name that the connection had; these packets carry another address or port, and their numbers fit a connection beside it.',
  dataLoss: 'What was under way when the reset arrived.',
  client: [
    'On the machine that translates: conntrack -S (counter invalid), and nft or iptables -m conntrack --ctstate INVALID -j DROP before the packets are forwarded.',
    'Or let conntrack take segments out of the window: sysctl net.netfilter.nf_conntrack_tcp_be_liberal=1.',
  ],
  server: [
    'Answers must return through the same translator: look for asymmetric routes, direct server return, and bridges that bypass it (br_netfilter, net.bridge.bridge-nf-call-iptables=1).',
  ],
  confirm:
    'The same two ports and fitting sequence numbers stand in a connection with the other address: conntrack -L shows the pair that should have been translated.',
  settings: TRANSLATION,
  harmless: false,
  mechanisms: ['no-connection', 'unfit-segment'],
});
