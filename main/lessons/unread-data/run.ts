import { BOTH_ENDS, type LessonRun } from '../define.ts';

export const run: LessonRun = {
  path: BOTH_ENDS,
  async play(stage) {
    const server = await stage.serve();
    const client = stage.client();
    await client.line('sent');
    await server.line('refused');
    // A reset that comes with the answer may be told as the end, where both are read at once.
    await client.line(/^(done|failed)/u);
    await client.ended;
  },
};
