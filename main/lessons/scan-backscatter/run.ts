import { BOTH_ENDS, type LessonRun } from '../define.ts';

export const run: LessonRun = {
  path: BOTH_ENDS,
  async play(stage) {
    await stage.serve();
    const [client, server, port] = [stage.address('client'), stage.address('server'), stage.port()];
    if (stage.isFixed) {
      // Who asks from the client's address is let in to the one port; routers let nobody forge it, and no scan gets in.
      const visitor = stage.client('--requests', 1);
      await visitor.line('done');
      await visitor.ended;
      return;
    }
    await stage.command('client', 'python3', stage.file('scan.py'), client, server, String(port - 6), '12');
    // Somebody on the way asks in the client's name; the answers go to the client.
    await stage.command('r1', 'python3', stage.file('scan.py'), client, server, String(port), '1');
  },
};
