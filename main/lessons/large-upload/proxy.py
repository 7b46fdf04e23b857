# python3 proxy.py [HOST] [PORT] [SERVER] [SERVER PORT]
# Hands a request on as it comes, all of it, and then the answer. When the server breaks before that, it answers 502.
import errno
import re
import socket
import sys

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080
server_host = args[2] if len(args) > 2 else "127.0.0.1"
server_port = int(args[3]) if len(args) > 3 else 8081

BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 12\r\n\r\nbad gateway\n"

proxy = socket.create_server((host, port))
print(f"listening on {host} {proxy.getsockname()[1]}", flush=True)
while True:
    client, _ = proxy.accept()
    server = socket.create_connection((server_host, server_port))
    answer = None
    left = None  # Bytes of the request that are still to come.
    while left is None or left > 0:
        data = client.recv(65536)
        if not data:
            break
        if left is None:
            left = data.index(b"\r\n\r\n") + 4 + int(re.search(rb"(?i)content-length: (\d+)", data)[1])
        left -= len(data)
        if answer is not None:
            continue
        try:
            server.sendall(data)
        except OSError as error:
            print(f"the server failed: {errno.errorcode[error.errno]}", flush=True)
            answer = BAD_GATEWAY
            client.sendall(answer)
    if answer is None:
        client.sendall(server.recv(4096))
    server.close()
    client.shutdown(socket.SHUT_WR)
    client.recv(1)
    client.close()
