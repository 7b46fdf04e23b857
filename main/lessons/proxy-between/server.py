# python3 server.py [HOST] [PORT] [--fixed]
# Sends a list of prices. In the middle of it comes one that it cannot print: it aborts, or leaves that one out.
import socket
import struct
import sys
import time

fixed = "--fixed" in sys.argv
args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8081

HALF = b"apples 2.40, pears 3.10, plums 4.00\n" * 10

server = socket.create_server((host, port))
print(f"listening on {host} {server.getsockname()[1]}", flush=True)
while True:
    connection, _ = server.accept()
    connection.recv(4096)
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {2 * len(HALF)}\r\nConnection: close\r\n\r\n"
    connection.sendall(head.encode() + HALF)
    time.sleep(0.1)
    if fixed:
        connection.sendall(HALF)
        connection.close()
        print("sent all of it", flush=True)
    else:
        # An exception that nobody handles: the framework throws the connection away.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        print("no price for quinces: aborted", flush=True)
