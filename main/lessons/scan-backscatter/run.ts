import { BOTH_ENDS, type LessonRun } from '../define.ts';

export const run: LessonRun = {
  path: BOTH_ENDS,
  async play(stage) {
    await stage.serve();
    if (stage.isFixed) {
      // There is nothing to mend; an ordinary visitor, to compare.
      const visitor = stage.client('--requests', 1);
      await visitor.line('done');
      await visitor.ended;
      return;
    }
    const syns = (place: string, sourcePort: number, first: number, count: number): Promise<string> =>
      stage.command(
        place,
        ...['python3', stage.file('scan.py'), stage.address('client'), String(sourcePort)],
        ...[stage.address('server'), String(first), String(count)],
      );
    await syns('client', 40_000, stage.port() - 6, 12);
    // Somebody on the way asks in the client's name; the answers go to the client.
    await syns('r1', 41_000, stage.port(), 1);
  },
};
