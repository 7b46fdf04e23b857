# python3 card.py INTERFACE FEATURE=on|off…
# What the kernel leaves to the network card of an interface, as `ethtool -K` sets it: tx (checksums), tso, gso and gro (large
# segments). Root; Linux.
import array
import fcntl
import socket
import struct
import sys

SIOCETHTOOL = 0x8946
# linux/ethtool.h: ETHTOOL_STXCSUM, ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO
COMMANDS = {"tx": 0x17, "tso": 0x1F, "gso": 0x24, "gro": 0x2C}

interface, *settings = sys.argv[1:]
control = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for setting in settings:
    feature, _, value = setting.partition("=")
    order = array.array("B", struct.pack("=II", COMMANDS[feature], value == "on"))
    address, _ = order.buffer_info()
    fcntl.ioctl(control, SIOCETHTOOL, struct.pack("16sP", interface.encode(), address))
