/** The reset's window field against the windows of both sides. */
import { TCP_SYN } from '../../decode/facts.ts';
import { newestWindow } from '../observe/copied.ts';
import { isLinuxSender } from '../observe/stacks.ts';
import type { EvidenceContext } from './entry.ts';
import { alone, firstOfGiven, lastOfSender, theReset } from './entry.ts';
import { linuxOrder } from '../phrases.ts';

export const WINDOW = [
  firstOfGiven(
    ({ f }) => f.window !== 0,
    {
      code: 'window-copied',
      family: 'header',
      weight: 2.2,
      injector: true,
      source: '[prior] Suricata’s reject and RAE copy it from the packet that they answer; 0.1 % by chance.',
      when: ({ f }) => f.copiedWindowAt >= 0,
      at: ({ f }) => f.copiedWindowAt,
      text: ({ f, sender, receiver }) =>
        `The window ${f.window} is the ${receiver}'s, not the ${sender}'s: it was copied from the packet that set it off.`,
    },
    {
      code: 'window-in-linux-answer',
      family: 'header',
      weight: 2.0,
      source: '[L] Linux puts 0 there; 0.3 % for what imitates its SYN.',
      when: ({ f }) => !f.hasAck && isLinuxSender(f),
      at: theReset,
      text: ({ f, sender }) =>
        `A reset without ACK has window ${f.window}; ${linuxOrder(sender)}, and Linux puts 0 there.`,
    },
    {
      code: 'window-in-bare-reset',
      family: 'header',
      weight: 1.4,
      source: '[P] 1.2 % of bare resets; early GFW and ADC codes: 30 % [prior].',
      // A product's reason code is weighed as what it is, see `written-in.ts`.
      when: ({ f, product }) => !f.hasAck && product?.sign !== 'window-code',
      at: theReset,
      text: ({ f }) => `A reset without ACK has window ${f.window}; nearly all hosts put 0 there.`,
    },
    {
      code: 'window-kept',
      family: 'header',
      weight: -0.45,
      source:
        '[L] Linux aborts keep the last window: 45 %; devices that copy one, and equal windows of both sides: 9 %. Lab 2: 1,542 and 97; stated −0.7.',
      when: (c) => c.f.window === newestOfSender(c) && c.f.window !== newestOfReceiver(c),
      at: lastOfSender,
      text: ({ f, sender }) =>
        `The reset keeps the ${sender}'s last window (${f.window}), as a host that aborts does.`,
    },
  ),
  alone({
    code: 'window-unlike',
    family: 'header',
    weight: 1.2,
    source:
      '[L] Linux aborts carry the window as last advertised, 0 only when it is full; most devices put 0 or a number. Lab 2: 1 and 411; stated 1.1.',
    // Windows grow while a connection is young, and shrink while data waits; beyond these bounds they were not Linux' own.
    when: ({ f, w }) => {
      const last = f.lastAt[f.sender];
      if (f.family !== 'active' || last < 0 || !isLinuxSender(f)) return false;
      const known = f.senderWindow;
      if ((w.flags[last] & TCP_SYN) !== 0 || known <= 0) return false;
      return f.window < known / 2 || f.window > 3 * known + 64;
    },
    at: lastOfSender,
    text: ({ f, sender }) =>
      `The window is ${f.window}, the last one was ${f.senderWindow}; ${linuxOrder(sender)}, and Linux' aborts carry the last window.`,
  }),
];

function newestOfReceiver({ f, w }: EvidenceContext): number {
  return newestWindow(w, f.receiver, f.at, true);
}

function newestOfSender({ f, w }: EvidenceContext): number {
  return newestWindow(w, f.sender, f.at, f.family !== 'active');
}
