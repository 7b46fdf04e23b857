# python3 server.py [HOST] [PORT] [--fixed]
# Answers every client, once its morning report is done; a line on its input ends the report.
import errno
import socket
import sys

fixed = "--fixed" in sys.argv
args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080

# How many finished handshakes may wait for accept().
backlog = 511 if fixed else 5
server = socket.create_server((host, port), backlog=backlog)
print(f"listening on {host} {server.getsockname()[1]}", flush=True)
# While this blocks, nothing is accepted: one thread does all of it.
sys.stdin.readline()
print("the report is done", flush=True)
while True:
    connection, _ = server.accept()
    try:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\nwelcome\n")
        print("served", flush=True)
    except OSError as error:
        print(f"the client is gone: {errno.errorcode[error.errno]}", flush=True)
    connection.close()
