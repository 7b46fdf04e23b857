# python3 client.py [HOST] [PORT]
# Eight customers at the same moment.
import errno
import socket
import sys
import threading

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080

CUSTOMERS = 8
here = threading.Barrier(CUSTOMERS + 1)


def say(text):
    # One write for the whole line, so that lines of several threads do not mix.
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def customer(i):
    connection = None
    try:
        connection = socket.create_connection((host, port))
        say(f"customer {i} is connected")
    except OSError as error:
        say(f"customer {i}: failed: {errno.errorcode[error.errno]}")
    here.wait()
    if connection is None:
        return
    try:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n")
        while data := connection.recv(4096):
            say(f"customer {i}: {data.decode().splitlines()[0]}")
    except OSError as error:
        say(f"customer {i}: failed: {errno.errorcode[error.errno]}")
    connection.close()


customers = [threading.Thread(target=customer, args=(i,)) for i in range(1, CUSTOMERS + 1)]
for one in customers:
    one.start()
here.wait()
say("all have come")
for one in customers:
    one.join()
say("done")
