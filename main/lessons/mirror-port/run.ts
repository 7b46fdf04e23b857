import type { LessonRun } from '../define.ts';
import { setCard } from '../play/card.ts';

const PORTS = ['left', 'right'];

export const run: LessonRun = {
  path: {
    routers: 1,
    points: {
      mirror: { place: 'r1', interface: 'monitor' },
      server: { place: 'server', interface: 'eth0' },
    },
  },
  async prepare(stage) {
    // A mirror port shows what is on the wire, with the checksums that the cards of the hosts would fill in.
    for (const host of ['client', 'server']) await setCard(stage, host, 'eth0', 'off');
    // The mirror port, and the machine that captures at the other end of its cable.
    await stage.command('r1', 'ip', 'link', 'add', 'mirror', 'type', 'veth', 'peer', 'name', 'monitor');
    for (const end of ['mirror', 'monitor']) await stage.command('r1', 'ip', 'link', 'set', end, 'up');
    const hooks = stage.isFixed ? ['ingress'] : ['ingress', 'egress'];
    const chains = PORTS.flatMap((port) =>
      hooks.map(
        (hook) =>
          `chain ${port}-${hook} { type filter hook ${hook} device ${port} priority 0; dup to mirror; }`,
      ),
    );
    await stage.nft('r1', `table netdev mirror {\n${chains.join('\n')}\n}`);
  },
  async play(stage) {
    const server = await stage.serve();
    const client = stage.client();
    await server.line('gave up');
    await client.line(/^(done|failed)/u);
    await client.ended;
  },
};
