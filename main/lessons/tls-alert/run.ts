import { BOTH_ENDS, type LessonRun } from '../define.ts';

export const run: LessonRun = {
  path: BOTH_ENDS,
  async play(stage) {
    const server = await stage.serve();
    const client = stage.client();
    if (!stage.isFixed) await server.line('refused');
    await client.line('done');
    await client.ended;
  },
};
