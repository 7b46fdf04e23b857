# python3 scan.py SOURCE SOURCE_PORT TARGET FIRST COUNT
# Sends one SYN to each of COUNT ports, made by hand: no program waits for an answer, so that SOURCE's own kernel resets what comes
# back. SOURCE may be somebody else's address. Needs root, for raw sockets.
import socket
import struct
import sys

source, source_port, target = sys.argv[1], int(sys.argv[2]), sys.argv[3]
first, count = int(sys.argv[4]), int(sys.argv[5])


def checksum(data):
    """The sum of RFC 1071 over an even number of bytes."""
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def syn(port):
    """A TCP header with SYN and an MSS; its checksum covers the addresses as well (RFC 9293 section 3.1)."""
    addresses = socket.inet_aton(source) + socket.inet_aton(target)

    def header(summed):
        return struct.pack("!HHIIBBHHHBBH", source_port, port, 7000 + port, 0, 6 << 4, 2, 1024, summed, 0, 2, 4, 1460)

    return header(checksum(addresses + struct.pack("!BBH", 0, 6, 24) + header(0)))


raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
for port in range(first, first + count):
    segment = syn(port)
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(segment), port, 0, 64, socket.IPPROTO_TCP, 0)
    raw.sendto(ip + socket.inet_aton(source) + socket.inet_aton(target) + segment, (target, 0))
print("done", flush=True)
