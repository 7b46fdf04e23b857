# python3 client.py [HOST] [PORT] [--requests N] [--fixed]
# Asks N times on one connection, each time when Enter is pressed but for the first, then closes. --fixed: with keep-alive probes
# of TCP, the first after a second of silence.
import argparse
import errno
import socket

parser = argparse.ArgumentParser()
parser.add_argument("host", nargs="?", default="127.0.0.1")
parser.add_argument("port", nargs="?", type=int, default=8080)
parser.add_argument("--requests", type=int, default=1)
parser.add_argument("--fixed", action="store_true")
options = parser.parse_args()

try:
    connection = socket.create_connection((options.host, options.port))
    if options.fixed:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if hasattr(socket, "TCP_KEEPIDLE"):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
    for asked in range(1, options.requests + 1):
        if asked > 1:
            print("press Enter for the next request", flush=True)
            input()
        connection.sendall(f"GET /stock/{asked} HTTP/1.1\r\nHost: shop.example\r\n\r\n".encode())
        data = connection.recv(4096)
        if not data:
            print("closed: the server hung up", flush=True)
            break
        print(f"answered: {data.decode().splitlines()[0]}", flush=True)
    else:
        print("done", flush=True)
    connection.close()
except OSError as error:
    print(f"failed: {errno.errorcode[error.errno]}", flush=True)
