/**
 * Crafts packets for tests, layer by layer from the inside out, with correct lengths and checksums:
 *
 *   ethernet({ vlan: 7 }, ipv4({ src: '10.0.0.1', dst: '10.0.0.2' }, tcp({ srcPort: 40000, dstPort: 80, flags: 'S' })))
 *
 * Written from the RFCs, not from the decoder, so that the two can disagree.
 */
export * from './packets/bytes.ts';
export * from './packets/ip.ts';
export * from './packets/link.ts';
export * from './packets/transport.ts';
export * from './packets/tunnel.ts';
