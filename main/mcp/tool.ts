/** What a tool is: its name and words, what it takes and answers as schemas, and what it does. */
import * as v from 'valibot';
import type { CaptureBook } from './capture-book.ts';
import type { AllowedFolders } from './allowed-folders.ts';
import { MCP_LIMITS } from './limits.ts';

export interface ToolPlace {
  readonly folders: AllowedFolders;
  readonly captures: CaptureBook;
  readonly signal: AbortSignal;
  /** Tells how far something is, of how much. */
  readonly told: (done: number, of: number, message: string) => void;
}

export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: v.GenericSchema<unknown, object>;
  /** Without tuples: clients read it by older drafts of JSON Schema, too, which say these otherwise. */
  readonly output: v.GenericSchema<object, object>;
  /** Whether its answer may hold what strangers wrote. */
  readonly quotesPackets: boolean;
  run(input: unknown, place: ToolPlace): Promise<object>;
}

interface ToolDefinition<
  I extends v.GenericSchema<unknown, object>,
  O extends v.GenericSchema<object, object>,
> extends Omit<Tool, 'input' | 'output' | 'run'> {
  readonly input: I;
  readonly output: O;
  readonly run: (input: v.InferOutput<I>, place: ToolPlace) => Promise<v.InferInput<O>>;
}

/** Checks types of a tool's answer against its schema; its input has been read by the schema when it runs. */
export function defineTool<
  const I extends v.GenericSchema<unknown, object>,
  const O extends v.GenericSchema<object, object>,
>(definition: ToolDefinition<I, O>): Tool {
  return {
    ...definition,
    run: (input, place) => definition.run(v.parse(definition.input, input), place),
  };
}

const index = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Parameters that several tools take. */
export const captureParam = v.optional(
  v.pipe(
    v.string(),
    v.maxLength(40),
    v.description('Id that “open” gave; may be left out while one capture is open.'),
  ),
);
export const filterParam = v.optional(
  v.pipe(
    v.string(),
    v.maxLength(MCP_LIMITS.filterCharacters),
    v.description(
      'Display filter in Wireshark’s syntax ("ip.addr == 10.0.0.5 and tcp.port == 443") or quick words ("origin:middlebox matters:yes"); the resource resetscope://help/filter explains it.',
    ),
  ),
  '',
);
export const pageParams = {
  from: v.optional(v.pipe(index, v.description('Number of the first entry, from 0.')), 0),
  count: v.optional(
    v.pipe(
      v.number(),
      v.safeInteger(),
      v.minValue(1),
      v.maxValue(MCP_LIMITS.mostRows),
      v.description('Entries at most; fewer where the answer has no room for them.'),
    ),
    MCP_LIMITS.rows,
  ),
};
export const fileParam = v.optional(
  v.pipe(
    index,
    v.description('Number of the file that the frame is in, from 0, where several are open together.'),
  ),
  0,
);
export const frameParam = v.pipe(
  v.number(),
  v.safeInteger(),
  v.minValue(1),
  v.description('Number of a packet in its file, from 1, as Wireshark counts.'),
);
export const flowParam = v.pipe(
  index,
  v.description('Id of a connection, as “flows”, “resets” and “failures” tell it.'),
);
