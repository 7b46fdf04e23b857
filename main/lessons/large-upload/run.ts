import { BETWEEN_PROXY, type LessonRun } from '../define.ts';

export const run: LessonRun = {
  path: BETWEEN_PROXY,
  async play(stage) {
    const { server, client } = await stage.serveThroughProxy();
    await server.line('401');
    await client.line(/^(answered|failed)/u);
    await client.ended;
  },
};
