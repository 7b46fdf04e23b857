import { BOTH_ENDS, type LessonRun } from '../define.ts';

export const run: LessonRun = {
  path: BOTH_ENDS,
  async play(stage) {
    await stage.serve();
    const client = stage.client();
    await client.line('check 5 of 5 is done');
    await client.ended;
  },
};
