# python3 server.py [HOST] [PORT]
# A web server that logs whoever leaves without a word.
import errno
import socket
import sys

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080

server = socket.create_server((host, port))
print(f"listening on {host} {server.getsockname()[1]}", flush=True)
while True:
    connection, _ = server.accept()
    try:
        if connection.recv(4096):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nup\n")
            print("asked, and answered", flush=True)
    except OSError as error:
        print(f"ERROR {errno.errorcode[error.errno]}", flush=True)
    connection.close()
