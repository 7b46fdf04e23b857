/** Decodes the body of an HTTP message (RFC 9110 §8.4) as far as a bound: compressed bytes may be a thousand times larger than they look. */
import { Readable } from 'node:stream';
import type { Transform } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { errorText } from '../../shared/format/error.ts';

/** More layers than one are rare, more than three an attack. */
const MOST_LAYERS = 3;

export interface DecodedBody {
  readonly bytes: Uint8Array;
  /** Empty where all went well. */
  readonly trouble: string;
}

/**
 * @param encoding the field Content-Encoding
 * @param maxBytes decoded bytes at most
 */
export async function decodeBody(encoding: string, body: Uint8Array, maxBytes: number): Promise<DecodedBody> {
  const layers = encoding
    .toLowerCase()
    .split(',')
    .map((layer) => layer.trim())
    .filter((layer) => layer !== '' && layer !== 'identity')
    .reverse();
  if (layers.length > MOST_LAYERS) return { bytes: body, trouble: 'It is packed too many times over.' };
  let decoded: DecodedBody = { bytes: body, trouble: '' };
  for (const layer of layers) {
    const decoder = decoderOf(layer, decoded.bytes);
    if (decoder === undefined)
      return { ...decoded, trouble: `${layer} cannot be decoded here: the bytes are shown as sent.` };
    decoded = await decodeLayer(decoder, decoded.bytes, maxBytes);
    if (decoded.trouble !== '') return decoded;
  }
  return decoded;
}

function decoderOf(layer: string, bytes: Uint8Array): Transform | undefined {
  // What was cut still gives what was there.
  const zlib = { finishFlush: constants.Z_SYNC_FLUSH };
  switch (layer) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip(zlib);
    case 'deflate':
      // Some servers send it without the header of zlib, which begins with method 8.
      return (bytes[0] & 0x0f) === 8 ? createInflate(zlib) : undefined;
    case 'br':
      return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH });
    default:
      return undefined;
  }
}

async function decodeLayer(decoder: Transform, body: Uint8Array, maxBytes: number): Promise<DecodedBody> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const source = Readable.from([body]);
  // The error of a broken body comes out of the loop; without a listener of its own it would end the process.
  source.on('error', () => undefined);
  try {
    for await (const chunk of source.pipe(decoder) as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= maxBytes) break;
    }
  } catch (error) {
    return { bytes: Buffer.concat(chunks), trouble: `It could be decoded up to here: ${errorText(error)}.` };
  } finally {
    decoder.destroy();
    source.destroy();
  }
  return { bytes: Buffer.concat(chunks).subarray(0, maxBytes), trouble: '' };
}
