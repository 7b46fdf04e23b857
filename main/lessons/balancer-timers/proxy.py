# python3 proxy.py [HOST] [PORT] [SERVER] [SERVER PORT]
# A balancer: keeps its connection to the server for up to 60 idle seconds, and looks at it only when it needs it. Here a second
# takes 100 ms.
import errno
import socket
import sys
import time

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080
server_host = args[2] if len(args) > 2 else "127.0.0.1"
server_port = int(args[3]) if len(args) > 3 else 8081

SECOND = 0.1
IDLE_SECONDS = 60

proxy = socket.create_server((host, port))
print(f"listening on {host} {proxy.getsockname()[1]}", flush=True)
kept = None
used = 0.0
while True:
    client, _ = proxy.accept()
    request = client.recv(4096)
    if kept is not None and time.monotonic() - used > IDLE_SECONDS * SECOND:
        kept.close()
        kept = None
    try:
        if kept is None:
            kept = socket.create_connection((server_host, server_port))
        kept.sendall(request)
        # What the server said when it closed has been waiting here, too: an end instead of an answer.
        answer = kept.recv(4096)
        if answer == b"":
            raise ConnectionResetError(errno.ECONNRESET, "closed before it answered")
        used = time.monotonic()
    except OSError as error:
        print(f"the server failed: {errno.errorcode[error.errno]}", flush=True)
        answer = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 12\r\n\r\nbad gateway\n"
        if kept is not None:
            kept.close()
            kept = None
    client.sendall(answer)
    client.close()
