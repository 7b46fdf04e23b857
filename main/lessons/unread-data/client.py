# python3 client.py [HOST] [PORT]
# Uploads: first who it is, then the body. Reads the answer only when all is sent, as many libraries do.
import errno
import socket
import sys
import time

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080
BODY = b"x" * 2400

connection = socket.create_connection((host, port))
try:
    connection.sendall(f"PUT /photo HTTP/1.1\r\nHost: shop.example\r\nContent-Length: {len(BODY)}\r\n\r\n".encode())
    for wait, start in ((0.1, 0), (0.5, 1200)):
        time.sleep(wait)
        connection.sendall(BODY[start : start + 1200])
        print("sent a part", flush=True)
    while data := connection.recv(4096):
        print(f"answered: {data.decode().splitlines()[0]}", flush=True)
    print("done: the server closed", flush=True)
except OSError as error:
    print(f"failed: {errno.errorcode[error.errno]}", flush=True)
connection.close()
