# python3 client.py [HOST] [PORT]
# Asks for one order, then for the list of all, on one connection with keep-alive probes of TCP after a second of silence.
import errno
import re
import socket
import sys

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080

PATHS = ["/orders/4711", "/orders.csv"]


def read_answer(connection):
    """The body's length, when all of it has come."""
    answer = b""
    while data := connection.recv(4096):
        answer += data
        head, end, body = answer.partition(b"\r\n\r\n")
        if end and len(body) >= int(re.search(rb"Content-Length: (\d+)", head)[1]):
            return len(body)
    raise ConnectionError(errno.EPIPE, "closed in the middle of an answer")


try:
    connection = socket.create_connection((host, port))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if hasattr(socket, "TCP_KEEPIDLE"):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
    for path in PATHS:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: shop.example\r\n\r\n".encode())
        print(f"read {read_answer(connection)} bytes", flush=True)
    connection.close()
    print("done", flush=True)
except OSError as error:
    print(f"failed: {errno.errorcode[error.errno]}", flush=True)
