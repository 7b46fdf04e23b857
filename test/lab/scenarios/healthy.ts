/** Healthy connections that look a little like failed ones. */
import type { Step } from '../agent.ts';
import type { Scenario } from '../scenario.ts';
import { lose } from './drop.ts';

const healthy: Scenario = {
  name: 'healthy',
  about:
    'nothing fails: a slow answer, an idle while, a half-close, a probe without data, a pause in an upload',
  short: true,
  async run(lab) {
    const end: Step[] = [['shutdown'], ['drain'], ['close']];
    const [slow, half, probe, upload] = lab.ports;
    const request = lab.request();
    const answer = `HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello`;
    const kept = [
      await lab.onServer(
        ['listen', lab.server, slow],
        ['accept'],
        ['receive', request.length],
        ['sleep', 2.5],
        ['send', answer],
        ['receive', request.length],
        ['send', answer],
        ...end,
      ),
      await lab.onServer(['listen', lab.server, half], ['accept'], ['drain'], ['send', 3000], ...end),
      await lab.onServer(['listen', lab.server, probe], ['accept'], ['drain'], ['close']),
      await lab.onServer(['listen', lab.server, upload], ['accept'], ['receive', 9000], ['send', 50], ...end),
    ];
    const talks = [
      lab.onClient(
        ['connect', lab.server, slow],
        ['send', request],
        ['receive', answer.length],
        ['sleep', 1.5],
        ['send', request],
        ['drain'],
        ['close'],
      ),
      lab.onClient(['connect', lab.server, half], ['send', 200], ['shutdown'], ['drain'], ['close']),
      lab.onClient(['connect', lab.server, probe], ['shutdown'], ['drain'], ['close']),
      lab.onClient(
        ['connect', lab.server, upload],
        ['send', 4000],
        ['sleep', 2],
        ['send', 5000],
        ['drain'],
        ['close'],
      ),
    ];
    await Promise.all([...kept, ...talks].map((program) => program.done));
  },
};

const lossyButWell: Scenario = {
  name: 'healthy-loss',
  about: 'a path that loses every twelfth packet, and a connection that ends well all the same',
  async run(lab) {
    await lose(lab, 8);
    const size = lab.bytes(30_000, 70_000);
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['receive', 80],
      ['send', size],
      ['shutdown'],
      ['drain'],
      ['close'],
    );
    await lab.onClient(['connect', lab.server, lab.port], ['send', 80], ['drain'], ['close']).done;
    await server.done;
  },
};

export const HEALTHY: readonly Scenario[] = [healthy, lossyButWell];
