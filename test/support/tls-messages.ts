/** TLS records and hellos for tests, written from RFC 8446 and RFC 6066. */
import { ByteWriter } from './byte-writer.ts';

export interface HelloOptions {
  readonly serverName?: string | Uint8Array;
  readonly alpn?: readonly string[];
  /** Body of a supported_versions extension (server: the one that is chosen). */
  readonly version?: number;
  readonly legacyVersion?: number;
  readonly encryptedClientHello?: boolean;
  /** Bytes of a key share in front of the name, as post-quantum ones are. */
  readonly padding?: number;
}

export function ascii(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(true);
  for (const part of parts) out.raw(part);
  return out.finish();
}

export function record(type: number, body: Uint8Array, version = 0x0303): Uint8Array<ArrayBuffer> {
  return new ByteWriter(true).u8(type).u16(version).u16(body.length).raw(body).finish();
}

export function alert(level: number, description: number): Uint8Array<ArrayBuffer> {
  return record(21, Uint8Array.of(level, description));
}

/** The handshake message without its record. */
export function clientHello(options: HelloOptions = {}): Uint8Array<ArrayBuffer> {
  const body = new ByteWriter(true);
  body.u16(options.legacyVersion ?? 0x0303).raw(new Uint8Array(32).fill(0x52));
  body.u8(32).raw(new Uint8Array(32).fill(0x53)); // session id
  body.u16(4).u16(0x1301).u16(0x1302); // cipher suites
  body.u8(1).u8(0); // compression
  return handshake(1, body, extensions(options, true));
}

export function serverHello(options: HelloOptions = {}): Uint8Array<ArrayBuffer> {
  const body = new ByteWriter(true);
  body.u16(options.legacyVersion ?? 0x0303).raw(new Uint8Array(32).fill(0x52));
  if ((options.legacyVersion ?? 0) >>> 8 === 0x7f) body.u16(0x1301);
  else body.u8(0).u16(0x1301).u8(0);
  return handshake(2, body, extensions(options, false));
}

function handshake(type: number, body: ByteWriter, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const content = body.raw(tail).finish();
  return new ByteWriter(true).u8(type).u8(0).u16(content.length).raw(content).finish();
}

function extensions(options: HelloOptions, isClient: boolean): Uint8Array {
  const out = new ByteWriter(true);
  const add = (type: number, data: Uint8Array): void => {
    out.u16(type).u16(data.length).raw(data);
  };
  if (options.padding !== undefined) add(51, new Uint8Array(options.padding).fill(0x99));
  if (options.serverName !== undefined) {
    const name = typeof options.serverName === 'string' ? ascii(options.serverName) : options.serverName;
    add(
      0,
      new ByteWriter(true)
        .u16(name.length + 3)
        .u8(0)
        .u16(name.length)
        .raw(name)
        .finish(),
    );
  }
  if (options.alpn !== undefined) {
    const names = concat(...options.alpn.map((name) => concat(Uint8Array.of(name.length), ascii(name))));
    add(16, new ByteWriter(true).u16(names.length).raw(names).finish());
  }
  if (options.version !== undefined) {
    const version = new ByteWriter(true);
    if (isClient) version.u8(2);
    add(43, version.u16(options.version).finish());
  }
  if (options.encryptedClientHello === true) add(0xfe0d, new Uint8Array(200).fill(0x77));
  const list = out.finish();
  return new ByteWriter(true).u16(list.length).raw(list).finish();
}
