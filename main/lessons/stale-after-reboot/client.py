# python3 client.py [HOST] [PORT] [--fixed]
# Keeps one connection to the database and asks over it, once more when Enter is pressed. --fixed: closes it when it has been idle
# for half a second, and makes a new one when it is needed.
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
        kept.sendall(b"SELECT count(*) FROM orders WHERE day = today AND state = open AND town = 17\n")
        print(f"answered: {kept.recv(4096).decode().strip()}", flush=True)
    except OSError as error:
        print(f"failed: {errno.errorcode[error.errno]}", flush=True)
        kept = None


ask()
while True:
    limit = 0.5 if fixed and kept is not None else None
    if not select.select([sys.stdin], [], [], limit)[0]:
        kept.close()
        kept = None
        print("the idle connection is closed", flush=True)
    elif sys.stdin.readline():
        ask()
    else:
        break
