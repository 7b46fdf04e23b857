# python3 server.py [HOST] [PORT] [--fixed]
# Sends the first part of a list, cannot get the rest, and hangs up: with a reset, or as it should.
import socket
import struct
import sys
import time

fixed = "--fixed" in sys.argv
args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080

server = socket.create_server((host, port))
print(f"listening on {host} {server.getsockname()[1]}", flush=True)
while True:
    connection, _ = server.accept()
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n")
    connection.sendall(b"a\r\norder;sum\n\r\n")
    time.sleep(0.1)  # The database, which fails.
    if fixed:
        # A last line that the client knows, then the end of the answer and of the connection.
        connection.sendall(b"1c\r\nerror;the rest is not there\n\r\n0\r\n\r\n")
        connection.close()
        print("the list failed: said so, closed", flush=True)
    else:
        # On, for 0 seconds: the kernel sends RST, not FIN.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        print("the list failed: aborted", flush=True)
