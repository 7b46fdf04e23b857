# python3 server.py [HOST] [PORT]
# Takes an order to its end, works on it, and answers with a receipt.
import errno
import socket
import sys
import time

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080

server = socket.create_server((host, port))
print(f"listening on {host} {server.getsockname()[1]}", flush=True)
while True:
    connection, _ = server.accept()
    order = b""
    while data := connection.recv(4096):
        order += data
    time.sleep(0.1)
    try:
        receipt = f"receipt 4711: {order.decode().strip()}; pick it up at gate 3, and bring this receipt with you\n"
        connection.sendall(receipt.encode())
        print("the receipt is sent", flush=True)
    except OSError as error:
        print(f"the client is gone: {errno.errorcode[error.errno]}", flush=True)
    connection.close()
