# python3 client.py [HOST] [PORT]
# Orders three reports, on a connection each, and waits for them.
import errno
import socket
import sys
import threading

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080


def order(name):
    connection = socket.create_connection((host, port))
    try:
        connection.recv(4096)
        connection.sendall(f"REPORT {name} of November, with all of its pages\n".encode())
        print(f"{name}: waits", flush=True)
        while data := connection.recv(4096):
            print(f"{name}: {data.decode().strip()}", flush=True)
        print(f"{name} is over: the server closed", flush=True)
    except OSError as error:
        print(f"{name} is over: {errno.errorcode[error.errno]}", flush=True)
    connection.close()


for name in ("sales", "stock", "wages"):
    threading.Thread(target=order, args=(name,)).start()
