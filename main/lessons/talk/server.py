# python3 server.py [HOST] [PORT] [--slow]
# Answers requests, as many as come on a connection. --slow: after 300 ms each.
import errno
import socket
import sys
import threading
import time

slow = "--slow" in sys.argv
args = [one for one in sys.argv[1:] if not one.startswith("--")]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080


def serve(connection):
    try:
        while data := connection.recv(4096):
            print(f"asked: {data.decode().splitlines()[0]}", flush=True)
            if slow:
                time.sleep(0.3)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 8\r\n\r\nin stock")
            print("answered", flush=True)
        print("the client closed", flush=True)
    except OSError as error:
        print(f"the connection broke: {errno.errorcode[error.errno]}", flush=True)
    connection.close()


server = socket.create_server((host, port))
print(f"listening on {host} {server.getsockname()[1]}", flush=True)
while True:
    connection, _ = server.accept()
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
