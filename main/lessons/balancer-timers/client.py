# python3 client.py [HOST] [PORT]
# Asks once, and again when Enter is pressed, each time over a new connection.
import errno
import socket
import sys

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080

REQUEST = b"GET /basket HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: browser\r\nAccept: text/html\r\n\r\n"


def ask():
    try:
        connection = socket.create_connection((host, port))
        connection.sendall(REQUEST)
        while data := connection.recv(4096):
            print(f"answered: {data.decode().splitlines()[0]}", flush=True)
        connection.close()
    except OSError as error:
        print(f"failed: {errno.errorcode[error.errno]}", flush=True)


ask()
print("press Enter to ask again", flush=True)
sys.stdin.readline()
ask()
print("done", flush=True)
