# python3 server.py [HOST] [PORT]
# A database: answers each line with a number.
import socket
import sys
import threading

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080


def serve(connection):
    try:
        for line in connection.makefile("rb"):
            connection.sendall(b"42 rows for " + line)
    except OSError as error:
        print(f"the client is gone: {error}", flush=True)
    connection.close()


server = socket.create_server((host, port))
print(f"listening on {host} {server.getsockname()[1]}", flush=True)
while True:
    threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
