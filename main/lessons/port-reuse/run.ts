import { BOTH_ENDS, type LessonRun } from '../define.ts';

export const run: LessonRun = {
  path: BOTH_ENDS,
  async play(stage) {
    await stage.serve();
    const before = stage.client();
    await before.line('answered');
    await stage.forget('client', 'dport');
    await before.kill();
    const after = stage.client();
    await after.line(/^(answered|failed)/u);
  },
};
