# python3 client.py [HOST] [PORT]
# Fetches the list of prices, and says how much of it came.
import errno
import socket
import sys

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080

connection = socket.create_connection((host, port))
size = 0
try:
    connection.sendall(b"GET /prices HTTP/1.1\r\nHost: prices.example\r\nConnection: close\r\n\r\n")
    while data := connection.recv(4096):
        size += len(data)
    print(f"done: {size} bytes, then the end", flush=True)
except OSError as error:
    print(f"failed: {size} bytes, then {errno.errorcode[error.errno]}", flush=True)
connection.close()
