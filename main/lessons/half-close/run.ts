import { BOTH_ENDS, type LessonRun } from '../define.ts';

export const run: LessonRun = {
  path: BOTH_ENDS,
  async play(stage) {
    const server = await stage.serve();
    const client = stage.client();
    await client.line('done');
    await server.line('the receipt is sent');
    await client.ended;
  },
};
