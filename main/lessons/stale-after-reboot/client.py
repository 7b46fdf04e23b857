# python3 client.py [HOST] [PORT] [--fixed]
# Keeps one connection to the database and asks over it, once more when Enter is pressed. --fixed: asks TCP to test it when it
# is idle (after a second here), and makes a new one when it broke.
import errno
import select
import socket
import sys

fixed = "--fixed" in sys.argv
args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080

kept = None


def ask():
    global kept
    try:
        if kept is None:
            kept = socket.create_connection((host, port))
            if fixed:
                kept.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
                kept.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
        kept.sendall(b"SELECT count(*) FROM orders WHERE day = today AND state = open AND town = 17\n")
        print(f"answered: {kept.recv(4096).decode().strip()}", flush=True)
    except OSError as error:
        print(f"failed: {errno.errorcode[error.errno]}", flush=True)
        kept = None


ask()
while True:
    ready, _, _ = select.select([sys.stdin] + ([kept] if kept is not None else []), [], [])
    if kept in ready:
        try:
            kept.recv(4096)
        except OSError as error:
            print(f"idle connection lost: {errno.errorcode[error.errno]}", flush=True)
            kept = None
    elif sys.stdin.readline():
        ask()
    else:
        break
