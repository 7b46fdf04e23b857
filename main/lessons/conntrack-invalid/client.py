# python3 client.py [HOST] [PORT]
# Asks for a report and waits for it until Enter is pressed.
import errno
import select
import socket
import sys

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080

try:
    connection = socket.create_connection((host, port))
    connection.sendall(b"GET /report HTTP/1.1\r\nHost: shop.example\r\n\r\n")
    print("asked: press Enter to give up", flush=True)
    ready, _, _ = select.select([connection, sys.stdin], [], [])
    if connection in ready:
        connection.recv(4096)
        print("done", flush=True)
    else:
        print("failed: no answer came", flush=True)
    connection.close()
except OSError as error:
    print(f"failed: {errno.errorcode[error.errno]}", flush=True)
