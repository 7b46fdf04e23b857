# python3 client.py [HOST] [PORT] [--fixed]
# Sends three readings, then one more for each line on its input. It never expects an answer.
import errno
import json
import select
import socket
import sys

fixed = "--fixed" in sys.argv
args = [one for one in sys.argv[1:] if one != "--fixed"]
host = args[0] if args else "127.0.0.1"
port = int(args[1]) if len(args) > 1 else 8080

reading = 0
connection = None


def send():
    global connection, reading
    if connection is None:
        connection = socket.create_connection((host, port))
    reading += 1
    text = json.dumps({"reading": reading, "sensor": "cold store 3, shelf 12", "celsius": -18.4, "door": "closed"})
    connection.sendall(text.encode() + b"\n")
    print(f"sent reading {reading}", flush=True)


try:
    for _ in range(3):
        send()
    while True:
        watched = [sys.stdin] + ([connection] if fixed and connection is not None else [])
        ready, _, _ = select.select(watched, [], [])
        if connection in ready and connection.recv(4096) == b"":
            connection.close()
            connection = None
            print("the server closed: the next reading goes over a new connection", flush=True)
        if sys.stdin in ready:
            if sys.stdin.readline() == "":
                break
            send()
except OSError as error:
    print(f"failed: {errno.errorcode[error.errno]}", flush=True)
