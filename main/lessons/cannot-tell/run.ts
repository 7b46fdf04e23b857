import type { LessonRun } from '../define.ts';
import { laySecondWay, SECOND_WAY } from '../play/second-way.ts';

export const run: LessonRun = {
  // The main line is a second way from the first router to the third; the standby line leads through the firewall, the second.
  path: {
    routers: 3,
    points: {
      standby: { place: 'r1', interface: 'right' },
      server: { place: 'server', interface: 'eth0' },
    },
  },
  async play(stage) {
    await laySecondWay(stage, 'r1', 'r3');
    await stage.command('r1', 'ip', 'route', 'add', stage.address('server'), 'via', SECOND_WAY.far);
    await stage.command('r3', 'ip', 'route', 'add', stage.address('client'), 'via', SECOND_WAY.near);
    await stage.nft(
      'r2',
      `table inet firewall {
         chain guard { type filter hook forward priority 0; ct state invalid drop; }
       }`,
    );
    const server = await stage.serve();
    // The repaired client keeps no idle connection, and opens a new one for its second request.
    const client = stage.client('--requests', stage.isFixed ? 1 : 2);
    await client.line(stage.isFixed ? 'done' : 'press Enter');
    // The power cut: the main line is gone, and with it all that the server knew.
    for (const place of ['r1', 'r3'])
      await stage.command(place, 'ip', 'link', 'set', SECOND_WAY.interface, 'down');
    await stage.forget('server', 'sport');
    await server.kill();
    await stage.serve();
    const last = stage.isFixed ? stage.client() : client;
    last.enter();
    await last.line(/^(done|failed)/u);
    await last.ended;
  },
};
