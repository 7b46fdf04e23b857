import { BETWEEN_PROXY, type LessonRun } from '../define.ts';

export const run: LessonRun = {
  path: BETWEEN_PROXY,
  async play(stage) {
    const { server, client } = await stage.serveThroughProxy();
    await client.line('press Enter');
    await server.line('idle for 5 seconds');
    client.enter();
    await client.line('done');
    await client.ended;
  },
};
