# python3 client.py [HOST] [PORT]
# Five early customers, who wait; then, at a line on its input, five more at one moment, who also wait.
import errno
import socket
import sys
import threading

args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080


def say(text):
    # One write for the whole line, so that lines of several threads do not mix.
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def customer(i, here):
    connection = None
    try:
        connection = socket.create_connection((host, port))
        say(f"customer {i} is connected")
        connection.sendall(b"GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n")
        here.wait()
        while data := connection.recv(4096):
            say(f"customer {i}: {data.decode().splitlines()[0]}")
    except OSError as error:
        say(f"customer {i}: failed: {errno.errorcode[error.errno]}")
        if connection is None:
            here.wait()
    if connection is not None:
        connection.close()


def come(numbers):
    here = threading.Barrier(len(numbers) + 1)
    threads = [threading.Thread(target=customer, args=(i, here)) for i in numbers]
    for one in threads:
        one.start()
    here.wait()
    return threads


early = come([1, 2, 3, 4, 5])
say("the early ones are here")
sys.stdin.readline()
crowd = come([6, 7, 8, 9, 10])
say("all have come")
for one in early + crowd:
    one.join()
say("done")
