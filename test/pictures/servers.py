"""HTTP servers of several habits, for the picture of a live capture."""

import socket
import threading
import time

ADDRESSES = {
    "203.0.113.80": "reports",
    "203.0.113.81": "stock",
    "203.0.113.82": "files",
    "203.0.113.83": "prices",
}


def answer(connection: socket.socket, habit: str) -> None:
    try:
        connection.recv(200)
        if habit == "prices":
            # Goes on for as long as the client listens.
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            for tick in range(60):
                price = 101.2 + (tick * 7 % 13) / 10
                connection.sendall(f'data: {{"symbol": "ACME", "price": {price:.2f}}}\n\n'.encode())
                time.sleep(0.12)
        elif habit == "files":
            # Closes while more of the upload comes: data unread.
            connection.sendall(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n")
            time.sleep(0.05)
        elif habit == "stock":
            time.sleep(0.05)
        else:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n" + b"x" * 60000)
            time.sleep(0.5)
    except OSError:
        pass
    connection.close()


def serve(address: str, habit: str) -> None:
    listener = socket.create_server((address, 80), backlog=64)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=answer, args=(connection, habit), daemon=True).start()


for place in ADDRESSES.items():
    threading.Thread(target=serve, args=place).start()
