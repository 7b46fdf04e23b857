import { defineLesson, NOTHING } from '../define.ts';

export const lesson = defineLesson({
  name: 'forged-ignored',
  title: 'A forged reset that failed',
  theme: 'forged',
  about: 'A reset comes that does not fit; the client asks back, and the connection lives on.',
  story: [
    'Monitoring counts TCP resets and raises an alarm. The captures have a reset in the middle of a conversation, in the server’s name.',
    'The application noticed nothing: its next request on the same connection was answered as ever.',
  ],
  question: 'Why did the connection survive?',
  choices: [
    'The reset was lost before it reached the client.',
    'Its sequence number was not exactly the next one, so the client asked back instead of believing it.',
    'The client ignores all resets.',
    'The server sent it by mistake and took it back.',
  ],
  answer: {
    choice: 1,
    why: 'The reset’s sequence number lies within the window but is not the exact next one. Somebody who only guesses may have sent it, so the client answers with a challenge ACK (RFC 5961 section 3.2). A server that had really hung up would answer that with a reset that fits. None came; the next request was answered. So the server had not sent it.',
  },
  fix: {
    change:
      'Nothing in the application. Find who sends it, and let monitoring count only resets that ended something.',
    why: 'A reset that was ignored ended nothing, so that an alarm for it is noise; but somebody is trying. Linux counts: `nstat -az TcpExtTCPChallengeACK`.',
    settings: ['nstat -az TcpExtTCPChallengeACK', 'net.ipv4.tcp_challenge_ack_limit'],
  },
  programs: 'talk',
  needs: 'namespaces',
  captures: [
    {
      at: 'client',
      where: 'at the client',
      shows: { found: 'reset', kind: 'middlebox', causes: ['injected'], matters: false },
      fixed: NOTHING,
    },
    { at: 'server', where: 'at the server', shows: NOTHING, fixed: NOTHING },
  ],
});
