import { defineLesson, NOTHING } from '../define.ts';

export const lesson = defineLesson({
  name: 'cannot-tell',
  title: 'Cannot tell, and where to capture next',
  theme: 'capture',
  about:
    'A capture holds a reset and next to nothing before it; the honest answer is another place to capture at.',
  story: [
    'A power cut hits the data centre. The servers are back within minutes. The main line is not, and all traffic takes the standby line, which leads through a firewall of its own.',
    'Since then the shop’s first request on each old connection to the stock service fails with “connection reset by peer”. The service’s team blames the firewall: it saw none of these connections begin.',
    'The network’s team has captured where the standby line begins, and blames the server: its address stands in the reset. Of each old connection this capture holds two packets, the request and the reset.',
  ],
  question: 'Who hung up, as far as the capture at the standby line shows?',
  choices: [
    'The server: the reset carries its address.',
    'The firewall: it does not know the connection.',
    'The client: it spoke last before the reset.',
    'This capture cannot tell.',
  ],
  answer: {
    choice: 3,
    why: 'A server that has forgotten a connection and a firewall that never knew it answer in the same way: at once, with a reset in the server’s name that has the number which the request acknowledged. The distance could tell them apart, but the capture has no other packet of the server to compare the reset with: those before took the main line. So Resetscope says “unclear”, and where to capture next: at the server. In that capture it is plain. The request arrives, and the reset leaves as all of the server’s packets do: the power cut had taken the server’s connections, too, and the firewall is innocent.',
  },
  fix: {
    change: 'Capture next at the host whose address the reset carries, and mend what that capture shows.',
    why: 'What a host sends leaves it, and what never left it was made by a device. Begin before the connection does: then there are packets to compare the reset with. What this capture shows is a host that has forgotten, and the cure for that is at the client: in the repaired form it keeps no idle connection over the power cut.',
    settings: [
      'tcpdump -i any -Q out',
      'resetscope compare',
      'HikariCP: idleTimeout, keepaliveTime',
      'SQLAlchemy: pool_pre_ping',
    ],
  },
  programs: 'talk',
  needs: 'namespaces',
  captures: [
    {
      at: 'standby',
      where: 'where the standby line begins',
      shows: { found: 'reset', kind: 'unknown', causes: ['stale-connection'], matters: true },
      fixed: NOTHING,
    },
    {
      at: 'server',
      where: 'at the server',
      shows: {
        found: 'reset',
        kind: 'endpoint',
        side: 'server',
        causes: ['stale-connection'],
        matters: true,
      },
      fixed: NOTHING,
    },
  ],
});
