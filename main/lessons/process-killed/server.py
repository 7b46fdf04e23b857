# python3 server.py [HOST] [PORT] [--fixed]
# Greets each connection, and has so much to do that it does not read what is asked there.
# --fixed: when asked to end (SIGTERM), it answers what is under way, closes, and only then ends.
import signal
import socket
import sys

fixed = "--fixed" in sys.argv
args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080
ANSWER = b"DONE 3 pages\n"
connections = []


def end(_signal, _frame):
    print("asked to end", flush=True)
    server.close()
    for connection in connections:
        connection.recv(4096)
        connection.sendall(ANSWER)
        connection.close()
    print("ended in order", flush=True)
    sys.exit()


if fixed:
    signal.signal(signal.SIGTERM, end)

server = socket.create_server((host, port))
print(f"listening on {host} {server.getsockname()[1]}", flush=True)
while True:
    connection, _ = server.accept()
    connections.append(connection)
    connection.sendall(b"READY\n")
