# python3 server.py [HOST] [PORT]
# A bank: speaks TLS 1.3 only, tells others so by an alert, and hangs up.
import os
import socket
import ssl
import struct
import sys

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.minimum_version = ssl.TLSVersion.TLSv1_3
context.load_cert_chain(os.path.join(os.path.dirname(os.path.abspath(__file__)), "certificate.pem"))

server = socket.create_server((host, port))
print(f"listening on {host} {server.getsockname()[1]}", flush=True)
while True:
    tcp, _ = server.accept()
    connection = context.wrap_socket(tcp, server_side=True, do_handshake_on_connect=False)
    try:
        connection.do_handshake()
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 8\r\n\r\nwelcome\n")
        # Both say that they have said all (close_notify) before they close.
        connection.unwrap()
    except ssl.SSLError as error:
        # The alert is sent by then, and what follows it is no close but an abort.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        print(f"refused: {error.reason}", flush=True)
    connection.close()
