import type { LessonPage } from '../../shared/model/lesson.ts';

export const SAMPLE_LESSON: LessonPage = {
  lesson: {
    name: 'refused',
    title: 'Nobody listens',
    theme: 'nobody-there',
    about: 'A client is told “connection refused”.',
    story: ['The shop cannot reach its stock.', 'The stock service is up.'],
    question: 'What refuses the connection?',
    choices: ['A firewall.', 'The server’s kernel.'],
    answer: { choice: 1, why: 'RST with ACK answers the SYN.' },
    fix: { change: 'Listen on the right port.', why: 'Nobody else will.', settings: ['ss -ltn'] },
    needs: 'loopback',
    captures: [
      { at: 'client', where: 'at the client', shows: { found: 'nothing' }, fixed: { found: 'nothing' } },
      { at: 'server', where: 'at the server', shows: { found: 'nothing' }, fixed: { found: 'nothing' } },
    ],
  },
  files: [
    { role: 'server', language: 'node', file: 'server.mjs', text: 'listen();' },
    { role: 'server', language: 'python', file: 'server.py', text: 'listen()' },
  ],
};
