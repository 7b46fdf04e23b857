# python3 server.py [HOST] [PORT] [--fixed]
# Takes uploads of who has a valid token: says 401 to others, and closes with the body unread, or reads it first.
import socket
import sys
import time

fixed = "--fixed" in sys.argv
args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8081

REFUSAL = b"HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 22\r\n\r\nyour token is too old\n"

server = socket.create_server((host, port))
print(f"listening on {host} {server.getsockname()[1]}", flush=True)
while True:
    connection, _ = server.accept()
    connection.recv(500)
    # The token is looked up, which takes a while.
    time.sleep(0.15)
    connection.sendall(REFUSAL)
    if fixed:
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass
    connection.close()
    print("401, the token is too old", flush=True)
