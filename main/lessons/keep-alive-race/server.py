# python3 server.py [HOST] [PORT]
# Answers requests, and closes a connection on which nothing came for a second. Node.js itself waits for 5 s (keepAliveTimeout),
# nginx for 75 s (keepalive_timeout), Apache for 5 s (KeepAliveTimeout).
import socket
import sys
import threading

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080
IDLE_SECONDS = 1


def serve(connection):
    connection.settimeout(IDLE_SECONDS)
    try:
        while connection.recv(4096):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nin stock")
        print("the client closed", flush=True)
    except TimeoutError:
        connection.close()
        print("idle: closed", flush=True)
    connection.close()


server = socket.create_server((host, port))
print(f"listening on {host} {server.getsockname()[1]}", flush=True)
while True:
    connection, _ = server.accept()
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
