import { BOTH_ENDS, type LessonRun } from '../define.ts';

export const run: LessonRun = {
  path: BOTH_ENDS,
  async play(stage) {
    const ports = [stage.port(1), stage.port(0)];
    for (const port of ports) {
      const server = stage.program('server', 'server', stage.address('server'), port);
      await server.line(/^listening on /u);
    }
    if (!stage.isFixed)
      await stage.nft(
        'r1',
        `table inet rules {
           chain forward { type filter hook forward priority 0; tcp dport ${stage.port()} reject with tcp reset; }
         }`,
      );
    for (const port of ports) {
      const client = stage.program('client', 'client', stage.address('server'), port);
      await client.line(/^(done|failed)/u);
      await client.ended;
    }
  },
};
