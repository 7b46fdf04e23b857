# python3 client.py [HOST] [PORT] [--fixed]
# Looks five times whether a server is there, as a balancer does: connects and hangs up, or asks it.
import errno
import socket
import struct
import sys
import time

fixed = "--fixed" in sys.argv
args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080


def check():
    try:
        connection = socket.create_connection((host, port))
        if fixed:
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n")
            while data := connection.recv(4096):
                print(f"answered: {data.decode().splitlines()[0]}", flush=True)
        else:
            # Cheaper than a close: no socket stays in TIME-WAIT.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    except OSError as error:
        print(f"down: {errno.errorcode[error.errno]}", flush=True)


for i in range(1, 6):
    check()
    print(f"check {i} of 5 is done", flush=True)
    if i < 5:
        time.sleep(0.7)
