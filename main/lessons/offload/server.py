# python3 server.py [HOST] [PORT] [--fixed]
# Takes an upload whole and cannot store it. It has promised success by then, and hangs up; --fixed: it answers when it knows.
import socket
import struct
import sys
import time

fixed = "--fixed" in sys.argv
args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080
PROMISE = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 34\r\n\r\n{"received": true, '
FAILURE = b"HTTP/1.1 507 Insufficient Storage\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

server = socket.create_server((host, port))
print(f"listening on {host} {server.getsockname()[1]}", flush=True)
while True:
    connection, _ = server.accept()
    with connection.makefile("rb") as upload:
        length = 0
        while line := upload.readline().strip():
            if line.startswith(b"Content-Length:"):
                length = int(line.split(b":")[1])
        upload.read(length)
    if not fixed:
        connection.sendall(PROMISE)
    time.sleep(0.1)  # It stores the upload, and finds that there is no room.
    if fixed:
        connection.sendall(FAILURE)
    else:
        # On, for 0 seconds: the kernel sends RST, not FIN.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    print("refused: the store is full" if fixed else "aborted: the store is full", flush=True)
