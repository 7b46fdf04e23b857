# python3 server.py [HOST] [PORT]
# Answers with one order or with a list of all; hangs up on a client that takes nothing of an answer for 4 seconds.
import errno
import socket
import struct
import sys
import threading

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080

PATIENCE_S = 4
ORDER = b"4711;9.99\n"


def serve(connection):
    connection.settimeout(PATIENCE_S)
    try:
        while data := connection.recv(4096):
            body = ORDER * 600 if b"/orders.csv" in data else ORDER
            head = f"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: {len(body)}\r\n\r\n"
            connection.sendall(head.encode() + body)
            print(f"answered with {len(body)} bytes", flush=True)
    except TimeoutError:
        # As nginx does with reset_timedout_connection: RST, so that nothing is left of a connection that does not move.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        print("gave up: nothing moves", flush=True)
    except OSError as error:
        print(f"the client is gone: {errno.errorcode[error.errno]}", flush=True)
    connection.close()


server = socket.create_server((host, port))
print(f"listening on {host} {server.getsockname()[1]}", flush=True)
while True:
    connection, _ = server.accept()
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
