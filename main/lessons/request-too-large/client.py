# python3 client.py [HOST] [PORT]
# Uploads a photo piece by piece, and reads the answer when all of it is sent, as most HTTP libraries do.
import errno
import socket
import sys
import time

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080

PIECES = 30
PIECE = b"photo " * 166 + b"phot"

connection = socket.create_connection((host, port))
try:
    head = f"POST /photos HTTP/1.1\r\nHost: album.example\r\nContent-Length: {PIECES * len(PIECE)}\r\n\r\n"
    connection.sendall(head.encode())
    for _ in range(PIECES):
        time.sleep(0.01)
        connection.sendall(PIECE)
    while data := connection.recv(4096):
        print(f"answered: {data.decode().splitlines()[0]}", flush=True)
    print("done", flush=True)
except OSError as error:
    print(f"failed: {errno.errorcode[error.errno]}", flush=True)
    print("the photo is lost, and nobody says why", flush=True)
connection.close()
