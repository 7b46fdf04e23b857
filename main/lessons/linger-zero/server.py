# python3 server.py [HOST] [PORT] [--fixed]
# Answers with a short list, then hangs up: with a reset, or as it should.
import socket
import struct
import sys
import time

fixed = "--fixed" in sys.argv
args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080

server = socket.create_server((host, port))
print(f"listening on {host} {server.getsockname()[1]}", flush=True)
while True:
    connection, _ = server.accept()
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 20\r\nConnection: close\r\n\r\n")
    connection.sendall(b"order;sum\n4711;9.99\n")
    time.sleep(0.1)  # Time enough for the answer to arrive, on most days.
    if not fixed:
        # On, for 0 seconds: the kernel sends RST, not FIN.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    print("answered, closed" if fixed else "answered, aborted", flush=True)
