# python3 proxy.py [HOST] [PORT] [SERVER] [SERVER PORT]
# Takes connections, makes one to the server for each, and hands on what comes. When one of the two breaks, it breaks the other.
import errno
import select
import socket
import struct
import sys

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080
server_host = args[2] if len(args) > 2 else "127.0.0.1"
server_port = int(args[3]) if len(args) > 3 else 8081

proxy = socket.create_server((host, port))
print(f"listening on {host} {proxy.getsockname()[1]}", flush=True)
while True:
    client, _ = proxy.accept()
    server = socket.create_connection((server_host, server_port))
    other = {client: server, server: client}
    name = {client: "client’s", server: "server’s"}
    open_sides = [client, server]
    while open_sides:
        one = select.select(open_sides, [], [])[0][0]
        try:
            data = one.recv(65536)
            if data:
                other[one].sendall(data)
            else:
                open_sides.remove(one)
                other[one].shutdown(socket.SHUT_WR)
        except OSError as error:
            print(f"the {name[one]} side failed: {errno.errorcode[error.errno]}", flush=True)
            other[one].setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            break
    client.close()
    server.close()
