# python3 server.py [HOST] [PORT]
# Takes three readings of a connection, says so, and closes it: FIN, for nothing is left unread.
import socket
import sys

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080

server = socket.create_server((host, port))
print(f"listening on {host} {server.getsockname()[1]}", flush=True)
while True:
    connection, _ = server.accept()
    lines = connection.makefile("rb")
    for _ in range(3):
        lines.readline()
    lines.close()
    connection.sendall(b"3 readings taken\n")
    connection.close()
    print("3 readings taken: closed", flush=True)
