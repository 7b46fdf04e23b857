# python3 client.py [HOST] [PORT]
# Uploads in one piece, and reads the answer.
import errno
import socket
import sys

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080
BODY = b"x" * 10_000

connection = socket.create_connection((host, port))
try:
    head = f"PUT /scan HTTP/1.1\r\nHost: shop.example\r\nContent-Length: {len(BODY)}\r\n\r\n"
    connection.sendall(head.encode() + BODY)
    while data := connection.recv(4096):
        print(f"answered: {data.decode().splitlines()[0]}", flush=True)
    print("done: the server closed", flush=True)
except OSError as error:
    print(f"failed: {errno.errorcode[error.errno]}", flush=True)
connection.close()
