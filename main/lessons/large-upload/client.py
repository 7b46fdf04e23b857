# python3 client.py [HOST] [PORT]
# Uploads a film piece by piece, and reads the answer when all of it is sent.
import errno
import socket
import sys
import time

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080

PIECES = 40
PIECE = b"film " * 100

connection = socket.create_connection((host, port))
try:
    connection.sendall(
        b"POST /films HTTP/1.1\r\nHost: films.example\r\nAuthorization: Bearer old\r\n"
        + f"Content-Length: {PIECES * len(PIECE)}\r\n\r\n".encode()
    )
    for _ in range(PIECES):
        time.sleep(0.01)
        connection.sendall(PIECE)
    print(f"answered: {connection.recv(4096).decode().splitlines()[0]}", flush=True)
except OSError as error:
    print(f"failed: {errno.errorcode[error.errno]}", flush=True)
connection.close()
