# python3 client.py [HOST] [PORT]
# Asks for a report, and reads until the server has closed.
import errno
import socket
import sys

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080

connection = socket.create_connection((host, port))
try:
    connection.sendall(b"GET /report.csv HTTP/1.1\r\nHost: shop.example\r\n\r\n")
    while data := connection.recv(4096):
        print(f"read {len(data)} bytes", flush=True)
    print("done: the server closed", flush=True)
except OSError as error:
    print(f"failed: {errno.errorcode[error.errno]}", flush=True)
connection.close()
