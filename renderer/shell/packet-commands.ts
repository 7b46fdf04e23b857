/** The commands that go through packets, mark them and find them by number; they belong to the lists of packets. */
import type { App } from '../core/app-context.ts';
import { PACKET_KINDS, PACKET_KIND_NAMES } from '../words/packet-text.ts';
import type { Command, Section } from './command.ts';

export function packetCommands({ store, actions }: App): Command[] {
  const { view, packet, packetKind, markedPackets, rawNumbers } = store.getState();
  const isShown = view === 'packets';
  const keys = (text: string): Pick<Command, 'keys'> => (isShown ? { keys: text } : {});
  const section: Section = 'Packets';
  return [
    {
      id: 'packet-go',
      section,
      title: 'Go to frame…',
      ...keys('g'),
      words: ['number', 'jump'],
      run: () => {
        if (!isShown) actions.go('packets');
        // After the view is drawn.
        requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-go-to-frame]')?.focus());
      },
    },
    ...PACKET_KINDS.flatMap((kind): Command[] => [
      {
        id: `packet-next ${kind}`,
        section,
        title: `Next ${PACKET_KIND_NAMES[kind].toLowerCase()} among the packets`,
        ...(kind === packetKind ? keys('n') : {}),
        run: () => void actions.stepPacket(kind, false),
      },
      {
        id: `packet-previous ${kind}`,
        section,
        title: `Previous ${PACKET_KIND_NAMES[kind].toLowerCase()} among the packets`,
        ...(kind === packetKind ? keys('p') : {}),
        run: () => void actions.stepPacket(kind, true),
      },
    ]),
    {
      id: 'packet-raw',
      section,
      title: rawNumbers ? 'Relative numbers and scaled windows' : 'Numbers and windows as on the wire',
      words: ['raw', 'sequence', 'window'],
      run: () => {
        actions.setRawNumbers(!rawNumbers);
      },
    },
    ...(packet === null
      ? []
      : [
          {
            id: 'packet-mark',
            section,
            title: markedPackets.includes(packet) ? 'Take the mark from the packet' : 'Mark the packet',
            ...keys('m'),
            words: ['bookmark'],
            run: () => {
              actions.toggleMark(packet);
            },
          },
        ]),
    ...(markedPackets.length === 0
      ? []
      : [
          {
            id: 'packet-unmark',
            section,
            title: 'Take all marks away',
            run: () => {
              actions.clearMarks();
            },
          },
        ]),
  ];
}
