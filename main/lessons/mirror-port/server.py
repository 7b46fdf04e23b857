# python3 server.py [HOST] [PORT]
# Begins a report, gives up when its time is over, and hangs up with a reset.
import socket
import struct
import sys
import time

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080

server = socket.create_server((host, port))
print(f"listening on {host} {server.getsockname()[1]}", flush=True)
while True:
    connection, _ = server.accept()
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 4000\r\n\r\norder;sum\n")
    time.sleep(0.2)  # The time that a report may take; this one takes longer.
    # On, for 0 seconds: the kernel sends RST, not FIN.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    print("gave up: the report takes too long", flush=True)
