# python3 server.py [HOST] [PORT]
# Takes a request for a report, which is ready when Enter is pressed; then answers.
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
        connection.recv(4096)
        print("working: press Enter when the report is ready", flush=True)
        input()
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\norder;sum\n4711;9.99\n")
        print("answered", flush=True)
        while connection.recv(4096):
            pass
        print("the client closed", flush=True)
    except OSError as error:
        print(f"the connection broke: {errno.errorcode[error.errno]}", flush=True)
    connection.close()
