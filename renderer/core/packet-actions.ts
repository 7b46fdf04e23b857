/** What a user can do in lists of packets: select, mark, go to a frame, step to the next one of a kind. */
import { errorText } from '../../shared/format/error.ts';
import { plural } from '../../shared/format/count.ts';
import type { PacketRow } from '../../shared/model/rows.ts';
import type { Link } from '../state/link.ts';
import { rowsAt } from '../state/packet-rows.ts';
import { toggled, withRange } from '../state/ranges.ts';
import { canNote } from '../state/notes-slice.ts';
import type { AppStore } from '../state/store.ts';
import type { PacketKind } from '../words/packet-text.ts';
import { writePreference } from '../platform/preferences.ts';
import { PACKET_KIND_NAMES } from '../words/packet-text.ts';

interface Tools {
  readonly notice: (text: string) => void;
  /** Where the host keeps marks. */
  readonly markPackets: (packets: readonly number[], isMarked: boolean) => Promise<void>;
}

/** Packets that can be marked. */
const MOST_MARKS = 10_000;

/** What a filter calls the kinds that do not depend on what is selected. */
const MATCHES = {
  reset: 'tcp.flags.reset == 1',
  retransmission: 'tcp.analysis.retransmission',
  'zero-window': 'tcp.analysis.zero_window',
} as const;

export function createPacketActions(store: AppStore, link: Link, { notice, markPackets }: Tools) {
  /** The packets that are listed: those of the whole capture, or of the flow that is shown. */
  function listed(): { readonly filter: string; readonly flow: number | null } {
    const { view, packetsFlow, packetQuery } = store.getState();
    return view !== 'connection'
      ? { filter: packetQuery.filter, flow: null }
      : { filter: '', flow: packetsFlow };
  }

  function showListed(packet: number): void {
    const { view } = store.getState();
    store.setState({
      packet,
      selectedPackets: [],
      ...(view !== 'connection' ? { packetCursor: -1 } : { flowPacketCursor: -1 }),
    });
  }

  /** Shows a packet in the list of all packets; a filter that hides it is told there. */
  function showPacket(packet: number): void {
    store.setState({
      view: 'packets',
      packet,
      packetCursor: -1,
      selectedPackets: [],
      dialog: null,
    });
  }

  /** The next marked packet that the list holds; −1 for none. */
  async function nextMarked(packet: number, backward: boolean): Promise<number> {
    const { markedPackets } = store.getState();
    const ahead = backward
      ? markedPackets.filter((one) => one < packet).reverse()
      : markedPackets.filter((one) => one > packet);
    for (const one of ahead) {
      if ((await link.call('packets.position', { ...listed(), packet: one })) >= 0) return one;
    }
    return -1;
  }

  return {
    showPacket,

    /** A row of a list of packets is under the cursor. @param row undefined while its page is on the way */
    selectFlowPacket(cursor: number, row: PacketRow | undefined): void {
      store.setState(({ packet }) => ({
        flowPacketCursor: cursor,
        // A list that only found its selected row again asks for no other pane.
        ...(row === undefined || row.packet === packet
          ? {}
          : { packet: row.packet, connectionPane: 'packet' as const }),
      }));
    },

    /**
     * Changes what is selected beside the packet under the cursor.
     * @param from, to packets between which a range reaches; equal for one
     */
    selectPackets(how: 'none' | 'range' | 'toggle', from: number, to: number): void {
      store.setState(({ selectedPackets }) => {
        if (how === 'none') return { selectedPackets: [] };
        if (how === 'range') {
          return {
            selectedPackets: withRange(selectedPackets, { from: Math.min(from, to), to: Math.max(from, to) }),
          };
        }
        // The packet where the cursor was belongs to what is selected, once there is more than it.
        const begun = selectedPackets.length === 0 ? withRange([], { from, to: from }) : selectedPackets;
        return { selectedPackets: from === to ? toggled(selectedPackets, to) : toggled(begun, to) };
      });
    },

    /** Marks a packet, or takes its mark away. */
    toggleMark(packet: number): void {
      const { markedPackets } = store.getState();
      if (canNote(store.getState())) {
        void markPackets([packet], !markedPackets.includes(packet));
        return;
      }
      if (markedPackets.includes(packet)) {
        store.setState({ markedPackets: markedPackets.filter((one) => one !== packet) });
      } else if (markedPackets.length >= MOST_MARKS) {
        notice(`No more than ${plural(MOST_MARKS, 'packet')} can be marked.`);
      } else {
        store.setState({ markedPackets: [...markedPackets, packet].sort((a, b) => a - b) });
      }
    },

    setPacketKind(packetKind: PacketKind): void {
      store.setState({ packetKind });
    },

    setRawNumbers(rawNumbers: boolean): void {
      writePreference('raw-numbers', rawNumbers ? 'on' : 'off');
      store.setState({ rawNumbers });
    },

    clearMarks(): void {
      const { markedPackets } = store.getState();
      if (canNote(store.getState())) {
        void markPackets(markedPackets, false);
        return;
      }
      store.setState({ markedPackets: [] });
    },

    /** Goes to the next packet of a kind that the list holds. */
    async stepPacket(kind: PacketKind, backward: boolean): Promise<void> {
      const state = store.getState();
      const packet = state.packet ?? -1;
      try {
        const found =
          kind === 'marked'
            ? await nextMarked(packet, backward)
            : await link.call('packets.find', {
                ...listed(),
                match: kind === 'same-flow' ? `flow:${await flowOf(packet)}` : MATCHES[kind],
                packet,
                backward,
              });
        if (found < 0)
          notice(
            `No ${backward ? 'earlier' : 'further'} ${PACKET_KIND_NAMES[kind].toLowerCase()} in this list.`,
          );
        else showListed(found);
      } catch (error) {
        notice(errorText(error));
      }
    },

    /** Goes to a frame by its number; behind that of its file where there are several: `2:266`. */
    async goToFrame(text: string): Promise<boolean> {
      const wanted = frameOf(text);
      if (wanted === null) {
        notice(`${text} is no frame number.`);
        return false;
      }
      const packet = await link.call('packets.at', wanted).catch(() => -1);
      if (packet < 0) {
        notice(`There is no frame ${text} in this capture.`);
        return false;
      }
      showPacket(packet);
      return true;
    },
  };

  /** The flow of a packet. @throws where it has none */
  async function flowOf(packet: number): Promise<number> {
    const at = await link.call('packets.position', { ...listed(), packet });
    const { flow } = listed();
    if (flow !== null) return flow;
    const [row] = await rowsAt(link, listed(), at, 1);
    if (row === undefined || row.flow < 0) throw new Error('This packet belongs to no flow.');
    return row.flow;
  }
}

/** `17`, or `2:17` for frame 17 of the second file. */
export function frameOf(text: string): { readonly file: number; readonly frame: number } | null {
  const match = /^\s*(?:(\d{1,6})\s*:\s*)?(\d{1,12})\s*$/u.exec(text);
  if (match === null) return null;
  const file = match[1] === undefined ? 0 : Number(match[1]) - 1;
  const frame = Number(match[2]);
  return file < 0 || frame < 1 ? null : { file, frame };
}
