import { BOTH_ENDS, type LessonRun } from '../define.ts';

export const run: LessonRun = {
  path: BOTH_ENDS,
  async play(stage) {
    // The new release listens on another port than the clients know of.
    const port = stage.isFixed ? stage.port(0) : stage.port(1);
    const server = stage.program('server', 'server', stage.address('server'), port);
    await server.line(/^listening on /u);
    const client = stage.client();
    await client.line(/^(done|failed)/u);
    await client.ended;
  },
};
