# python3 server.py [HOST] [PORT] [--fixed]
# Takes no upload above 4096 bytes: says 413, and closes with the body unread, or reads on for a while.
import socket
import sys
import time

fixed = "--fixed" in sys.argv
args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080

REFUSAL = (
    b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 24\r\n\r\n"
    b"at most 4096 bytes here\n"
)
LINGER_SECONDS = 2
# Who wanted too much is noted before the close.
AUDIT_SECONDS = 0.05

server = socket.create_server((host, port))
print(f"listening on {host} {server.getsockname()[1]}", flush=True)
while True:
    connection, _ = server.accept()
    connection.recv(1000)
    # Nothing is read while it is looked up how much this customer may upload.
    time.sleep(0.1)
    connection.sendall(REFUSAL)
    if fixed:
        # The answer and FIN; what still comes is read and thrown away until the client closes.
        connection.shutdown(socket.SHUT_WR)
        print("refused, reading on", flush=True)
        connection.settimeout(LINGER_SECONDS)
        try:
            while connection.recv(65536):
                pass
        except OSError:
            pass
        connection.close()
    else:
        # close() with unread data: RST, behind an answer that the client may never read.
        time.sleep(AUDIT_SECONDS)
        connection.close()
        print("refused, closed", flush=True)
