import { BOTH_ENDS, type LessonRun } from '../define.ts';
import { playForger } from '../play/forger.ts';

export const run: LessonRun = {
  path: BOTH_ENDS,
  play: (stage) => playForger(stage, 'left', 'GET /stock/2', '--ttl', '64,64,64'),
};
