# python3 client.py [HOST] [PORT] [--fixed]
# Has a pool of one connection, and asks when Enter is pressed. It does not look whether the server has closed meanwhile, as
# a client cannot that asks in the very moment when the server's FIN is under way.
# --fixed: it closes connections that were idle for half a second, before the server does, and takes a new one.
import errno
import os
import select
import socket
import sys

fixed = "--fixed" in sys.argv
args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080
IDLE_SECONDS = 0.5 if fixed else None
pooled = None

try:
    while True:
        pooled = pooled or socket.create_connection((host, port))
        pooled.sendall(b"GET /stock HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: till/7 (branch 12)\r\n\r\n")
        data = pooled.recv(4096)
        if not data:
            # The server had closed; a reset answers what was sent on (RFC 9293 3.6).
            raise ConnectionResetError(errno.ECONNRESET, "closed before the request")
        print(f"answered: {data.decode().splitlines()[0]}", flush=True)
        print("press Enter for the next request", flush=True)
        if fixed and not select.select([sys.stdin], [], [], IDLE_SECONDS)[0]:
            pooled.close()
            pooled = None
            print("idle: closed by the client", flush=True)
        os.read(0, 1)
except OSError as error:
    print(f"failed: {errno.errorcode[error.errno]}", flush=True)
