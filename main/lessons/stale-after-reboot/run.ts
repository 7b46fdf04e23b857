import { BOTH_ENDS, type LessonRun } from '../define.ts';

export const run: LessonRun = {
  path: BOTH_ENDS,
  async play(stage) {
    const server = await stage.serve();
    const client = stage.client();
    await client.line('answered');
    await stage.forget('server', 'sport');
    await server.kill();
    await stage.serve();
    if (stage.isFixed) await client.line('idle connection lost');
    client.enter();
    await client.line(/^(answered|failed)/u);
  },
};
