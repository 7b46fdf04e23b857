# python3 flush.py
# Makes this router forget all connections, as a restart of its firewall does: what `conntrack -F` asks of the kernel.
# Root; Linux (netlink(7), linux/netfilter/nfnetlink_conntrack.h).
import socket
import struct

NETLINK_NETFILTER, NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_DELETE = 12, 1, 2
NLM_F_REQUEST, NLM_F_ACK = 1, 4

kernel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
kind = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE
kernel.send(struct.pack("=IHHIIBBH", 20, kind, NLM_F_REQUEST | NLM_F_ACK, 1, 0, 0, 0, 0))
error = struct.unpack("=i", kernel.recv(4096)[16:20])[0]
if error:
    raise OSError(-error, "the kernel does not forget")
print("forgotten")
