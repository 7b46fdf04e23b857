# python3 client.py [HOST] [PORT]
# Keeps three connections and asks twice on each; the second answers are long in coming.
import errno
import socket
import sys
import threading

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080


def request(name, number):
    return f"GET /report/{name}/{number} HTTP/1.1\r\nHost: shop.example\r\n\r\n".encode()


def talk(name):
    connection = socket.create_connection((host, port))
    try:
        connection.sendall(request(name, 1))
        connection.recv(4096)
        connection.sendall(request(name, 2))
        print(f"{name}: waits for the second answer", flush=True)
        while connection.recv(4096):
            print(f"{name}: answered", flush=True)
        print(f"{name} is over: the server closed", flush=True)
    except OSError as error:
        print(f"{name} is over: {errno.errorcode[error.errno]}", flush=True)
    connection.close()


for name in ("one", "two", "three"):
    threading.Thread(target=talk, args=(name,)).start()
