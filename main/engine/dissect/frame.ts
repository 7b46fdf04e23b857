/** The frame: what the capture file says of the packet. */
import type { Step } from './step.ts';

export function dissectFrame({ sink, frame, context, protocols }: Step): void {
  if (!sink.wants('frame')) return;
  const { data, start, capturedLength } = frame;
  // A datagram that was put together may be what was read last.
  if (sink.data !== data) sink.read(data, start, start + capturedLength);
  const end = start + capturedLength;
  sink.open('frame', start, end);
  if (frame.interfaceId >= 0) sink.put('frame.interface_id', frame.interfaceId, start, start);
  if (context.interfaceName !== undefined) {
    sink.put('frame.interface_name', context.interfaceName, start, start);
  }
  sink.put('frame.time', context.timeNs, start, start);
  sink.put('frame.time_epoch', context.timeNs, start, start);
  sink.put('frame.time_delta', context.sincePreviousNs / 1e9, start, start, 'derived');
  sink.put('frame.time_relative', context.sinceFirstNs / 1e9, start, start, 'derived');
  sink.put('frame.number', context.frame, start, start);
  sink.put('frame.len', frame.wireLength, start, start);
  sink.put('frame.cap_len', capturedLength, start, start);
  if (capturedLength < frame.wireLength) {
    const missing = frame.wireLength - capturedLength;
    sink.note(
      'warning',
      `The capture kept ${capturedLength} of ${frame.wireLength} bytes (snap length); ${missing} are not in the file.`,
      end,
      end,
    );
  }
  sink.put('frame.protocols', protocols.join(':'), start, start, 'derived');
  for (const comment of context.comments) sink.put('frame.comment', comment, start, start);
  sink.close();
}
