/** Which capture files there are, and which captures are open. */
import { basename } from 'node:path';
import * as v from 'valibot';
import { pageEntries, pageOf } from '../bounded.ts';
import { count, unfinished, unfinishedText, words } from '../forms/shared-parts.ts';
import { MCP_LIMITS } from '../limits.ts';
import type { OpenCapture } from '../open-capture.ts';
import { captureParam, defineTool, pageParams } from '../tool.ts';

const path = v.pipe(v.string(), v.minLength(1), v.maxLength(MCP_LIMITS.pathCharacters));

export const capturesTool = defineTool({
  name: 'captures',
  title: 'List capture files',
  description:
    'Lists the capture files below the folders that were allowed when the server was started, and the captures that are open. Nothing else of the machine can be seen.',
  quotesPackets: false,
  input: v.strictObject({
    match: v.optional(
      v.pipe(v.string(), v.maxLength(200), v.description('Only paths that contain this text.')),
      '',
    ),
    ...pageParams,
  }),
  output: v.strictObject({
    folders: v.array(words),
    open: v.array(v.strictObject({ capture: v.string(), files: v.array(words) })),
    ...pageEntries,
    rows: v.array(v.strictObject({ path: words, sizeBytes: count, modified: v.string() })),
    notListed: v.pipe(
      v.nullable(v.string()),
      v.description('What the search passed over; null where nothing.'),
    ),
  }),
  async run({ match, from, count: most }, { folders, captures }) {
    const found = folders.find(match);
    const rows = found.captures.slice(from, from + most).map(({ path, sizeBytes, modifiedMs }) => ({
      path,
      sizeBytes,
      modified: new Date(modifiedMs).toISOString(),
    }));
    const passedOver = [
      ...(found.cut === null ? [] : [found.cut]),
      ...(found.unshowable === 0 ? [] : [`${found.unshowable} files have names that hide or reorder text.`]),
    ];
    return Promise.resolve({
      folders: [...folders.folders],
      open: captures.list().map(({ id, paths }) => ({ capture: id, files: [...paths] })),
      ...pageOf(rows, from, found.captures.length),
      notListed: passedOver.length === 0 ? null : passedOver.join(' '),
    });
  },
});

const openedForm = v.strictObject({
  capture: v.pipe(v.string(), v.description('Id for the other tools.')),
  files: v.array(v.strictObject({ file: count, name: words })),
  phase: v.string(),
  packets: count,
  flows: count,
  resets: count,
  unfinished,
  confined: v.pipe(
    v.nullable(v.boolean()),
    v.description(
      'Whether the process that reads it can reach nothing else; the log of the server says why not. Null where it has not said so.',
    ),
  ),
});

export const openTool = defineTool({
  name: 'open',
  title: 'Open captures',
  description: `Opens a capture file below the allowed folders and reads it whole; answers an id for the other tools. Several paths are opened together: parts of one rotated capture follow each other, and captures of the same traffic from different points of the path are joined, so that “compare” and proven verdicts become possible. At most ${MCP_LIMITS.openCaptures} captures are open at once; one that nobody asks of for ${MCP_LIMITS.idleMs / 60_000} minutes is closed.`,
  quotesPackets: false,
  input: v.strictObject({
    paths: v.pipe(
      v.array(path),
      v.minLength(1),
      v.maxLength(MCP_LIMITS.filesTogether),
      v.description('Absolute, or below one of the allowed folders.'),
    ),
    join: v.optional(
      v.pipe(v.boolean(), v.description('Whether captures of the same traffic are put together.')),
      true,
    ),
  }),
  output: openedForm,
  async run({ paths, join }, { folders, captures, signal, told }) {
    const real = paths.map((one) => folders.resolve(one));
    const capture = await captures.open(real, join, signal, ({ bytesRead, bytesTotal }) => {
      told(bytesRead, bytesTotal, 'reading');
    });
    return openedJson(capture);
  },
});

async function openedJson(capture: OpenCapture): Promise<v.InferInput<typeof openedForm>> {
  const { id, paths, progress } = capture;
  const { phase, packets, flows, resets } = progress;
  const confinement = await capture.confinement();
  return {
    capture: id,
    files: paths.map((one, file) => ({ file, name: basename(one) })),
    phase,
    packets,
    flows,
    resets,
    unfinished: unfinishedText(capture),
    confined: confinement?.isConfined ?? null,
  };
}

export const closeTool = defineTool({
  name: 'close',
  title: 'Close a capture',
  description: 'Closes a capture and ends the process that reads it. The file stays as it is.',
  quotesPackets: false,
  input: v.strictObject({ capture: captureParam }),
  output: v.strictObject({ closed: v.string() }),
  run: ({ capture }, { captures }) => Promise.resolve({ closed: captures.close(capture).id }),
});
