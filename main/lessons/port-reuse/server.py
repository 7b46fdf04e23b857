# python3 server.py [HOST] [PORT]
# Greets each meter, and keeps its connection for as long as the meter does.
import errno
import socket
import sys
import threading

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080


def serve(connection):
    try:
        while data := connection.recv(4096):
            print(f"received: {data.decode().strip()}", flush=True)
            connection.sendall(b"noted\n")
    except OSError as error:
        print(f"an old connection broke: {errno.errorcode[error.errno]}", flush=True)
    connection.close()


server = socket.create_server((host, port))
print(f"listening on {host} {server.getsockname()[1]}", flush=True)
while True:
    threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
