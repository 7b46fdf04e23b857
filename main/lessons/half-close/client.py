# python3 client.py [HOST] [PORT] [--fixed]
# Sends an order, and closes: all of the connection, or only its own half of it.
import errno
import socket
import sys

fixed = "--fixed" in sys.argv
args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080

connection = socket.create_connection((host, port))
try:
    connection.sendall(b"twelve boxes of apples\n")
    if fixed:
        # FIN says that the order is whole, and we read on.
        connection.shutdown(socket.SHUT_WR)
        while data := connection.recv(4096):
            print(f"received: {data.decode().strip()}", flush=True)
    # FIN says the same, but whatever comes back meets nobody.
    connection.close()
    print("done", flush=True)
except OSError as error:
    print(f"failed: {errno.errorcode[error.errno]}", flush=True)
