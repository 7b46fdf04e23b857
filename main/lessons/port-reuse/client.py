# python3 client.py [HOST] [PORT] [--fixed]
# A meter: connects from port 5000, always, and says what it has counted. --fixed: from any port that is free.
import errno
import socket
import sys

fixed = "--fixed" in sys.argv
args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080

try:
    connection = socket.create_connection((host, port), source_address=None if fixed else ("", 5000))
    connection.sendall(b"meter 12 counted 4711 kWh\n")
    print(f"answered: {connection.recv(4096).decode().strip()}", flush=True)
    # Enter ends it, as it should.
    sys.stdin.readline()
    connection.close()
except OSError as error:
    print(f"failed: {errno.errorcode[error.errno]}", flush=True)
