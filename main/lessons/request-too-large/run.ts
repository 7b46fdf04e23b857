import { BOTH_ENDS, type LessonRun } from '../define.ts';

export const run: LessonRun = {
  path: BOTH_ENDS,
  async play(stage) {
    const server = await stage.serve();
    const client = stage.client();
    await server.line('refused');
    await client.line(stage.isFixed ? 'answered: HTTP/1.1 413' : /^(failed|answered)/u);
    await client.ended;
  },
};
