import type { LimitCounter } from '../limits.ts';
import type { FrameBytes, PacketContext } from './context.ts';
import type { FieldSink } from './field-sink.ts';

export class LayerWalk {
  constructor(_limits: LimitCounter) {}
  run(_frame: FrameBytes, _context: PacketContext, _sink: FieldSink): void {}
}
