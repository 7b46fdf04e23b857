# python3 server.py [HOST] [PORT] [--fixed]
# Refuses an upload as soon as it has seen who asks, and closes. What it did not read makes the kernel send a reset.
import socket
import sys
import time

fixed = "--fixed" in sys.argv
args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080
ANSWER = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

server = socket.create_server((host, port))
print(f"listening on {host} {server.getsockname()[1]}", flush=True)
while True:
    connection, _ = server.accept()
    connection.recv(4096)
    connection.sendall(ANSWER)
    if fixed:
        # Whatever still comes is read and dropped; the end is sent behind the answer.
        connection.shutdown(socket.SHUT_WR)
        print("refused; reads the rest", flush=True)
        while connection.recv(4096):
            pass
        connection.close()
    else:
        time.sleep(0.3)  # It writes its log; the body comes in and is not read.
        connection.close()
        print("refused; closed", flush=True)
