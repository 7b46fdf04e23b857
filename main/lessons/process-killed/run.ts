import { BOTH_ENDS, type LessonRun } from '../define.ts';

export const run: LessonRun = {
  path: BOTH_ENDS,
  async play(stage) {
    const server = await stage.serve();
    const client = stage.client();
    for (let waiting = 0; waiting < 3; waiting++) await client.line(': waits');
    if (stage.isFixed) {
      const ended = server.line('ended in order');
      server.signal('SIGTERM');
      await ended;
    } else await server.kill();
    for (let over = 0; over < 3; over++) await client.line('is over');
    await client.ended;
  },
};
