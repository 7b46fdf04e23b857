import { BOTH_ENDS, type LessonRun } from '../define.ts';

export const run: LessonRun = {
  path: BOTH_ENDS,
  async play(stage) {
    const server = await stage.serve();
    const client = stage.client();
    await client.line('answered');
    if (stage.isFixed) await client.line('the idle connection is closed');
    await stage.forget('server', 'sport');
    await server.kill();
    await stage.serve();
    client.enter();
    await client.line(/^(answered|failed)/u);
  },
};
