# python3 client.py [HOST] [PORT] [--fixed]
# Asks the bank over TLS: of version 1.2 at most, or of whatever both know.
import os
import socket
import ssl
import sys

fixed = "--fixed" in sys.argv
args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080

here = os.path.dirname(os.path.abspath(__file__))
context = ssl.create_default_context(cafile=os.path.join(here, "certificate.pem"))
context.maximum_version = ssl.TLSVersion.TLSv1_3 if fixed else ssl.TLSVersion.TLSv1_2

tcp = socket.create_connection((host, port))
try:
    connection = context.wrap_socket(tcp, server_hostname="bank.example")
    print(f"speaking {connection.version()}", flush=True)
    connection.sendall(b"GET / HTTP/1.1\r\nHost: bank.example\r\nConnection: close\r\n\r\n")
    while data := connection.recv(4096):
        print(f"answered: {data.decode().splitlines()[0]}", flush=True)
    connection.unwrap()
except OSError as error:
    print(f"failed: {getattr(error, 'reason', None) or error}", flush=True)
tcp.close()
print("done", flush=True)
