# python3 server.py [HOST] [PORT] [--fixed]
# Answers requests, and closes a connection that lies idle for 5 seconds, or 65. Here a second takes 100 ms.
import socket
import sys

fixed = "--fixed" in sys.argv
args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8081

SECOND = 0.1
KEEP_ALIVE_SECONDS = 65 if fixed else 5


def serve(connection):
    """Until the other side closes, or the connection was idle for too long."""
    idle = 0
    connection.settimeout(5 * SECOND)
    while True:
        try:
            if connection.recv(4096) == b"":
                return
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n")
            idle = 0
        except TimeoutError:
            idle += 5
            if idle >= KEEP_ALIVE_SECONDS:
                return
            if idle == 5:
                print("idle for 5 seconds: still open", flush=True)


server = socket.create_server((host, port))
print(f"listening on {host} {server.getsockname()[1]}", flush=True)
while True:
    connection, _ = server.accept()
    serve(connection)
    connection.close()
    if not fixed:
        print("idle for 5 seconds: closed", flush=True)
