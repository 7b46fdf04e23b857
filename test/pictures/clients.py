"""Programs whose connections are reset, each under a name of its own, for the picture of a live capture."""

import os
import random
import socket
import time


def request(address: str, host: str, body: int = 0) -> socket.socket:
    connection = socket.create_connection((address, 80), timeout=5)
    connection.sendall(f"POST /v1 HTTP/1.1\r\nHost: {host}\r\nContent-Length: {body}\r\n\r\n".encode())
    return connection


def orders_sync() -> None:
    """Closes before it has read the whole report."""
    connection = request("203.0.113.80", "reports.example.net")
    connection.recv(1000)
    time.sleep(0.05)
    connection.close()


def nightly_upload() -> None:
    """Goes on sending while the server closes."""
    connection = request("203.0.113.82", "files.example.net", 400000)
    for _ in range(40):
        connection.sendall(b"x" * 10000)
        time.sleep(0.01)


def price_feed() -> None:
    """Listens to prices, and is stopped by a rule of the firewall when it sends more than a line."""
    connection = socket.create_connection(("203.0.113.83", 80), timeout=5)
    connection.sendall(b"GET /feed HTTP/1.1\r\nHost: prices.example.com\r\n\r\n")
    heard = 0
    while heard < 700:
        heard += len(connection.recv(1000))
    alert = b'{"symbol": "ACME", "above": 101.50, "notify": "desk-7", "until": "2026-12-31", "note": "call before the market opens, and write to the desk besides; no mail after six in the evening, please"}'
    head = f"POST /alerts HTTP/1.1\r\nHost: prices.example.com\r\nContent-Length: {len(alert)}\r\n\r\n"
    connection.sendall(head.encode() + alert)
    while connection.recv(1000):
        pass


def stock_check() -> None:
    """Sends more than the server reads."""
    connection = request("203.0.113.81", "stock.example.net", 4000)
    connection.sendall(b"x" * 4000)
    connection.recv(1000)
    connection.recv(1000)


def report_db() -> None:
    """Nobody listens."""
    socket.create_connection(("203.0.113.10", 5432), timeout=5)


def deploy() -> None:
    """Not through this router."""
    socket.create_connection(("203.0.113.48", 22), timeout=5)


PROGRAMS = {
    "orders-sync": orders_sync,
    "nightly-upload": nightly_upload,
    "price-feed": price_feed,
    "stock-check": stock_check,
    "report-db": report_db,
    "deploy": deploy,
}


def run(name: str, seed: int) -> None:
    with open("/proc/self/comm", "w", encoding="ascii") as comm:
        comm.write(name)
    chance = random.Random(seed)
    while True:
        try:
            PROGRAMS[name]()
        except OSError:
            pass
        time.sleep(chance.uniform(0.5, 2.5))


for number, program in enumerate(PROGRAMS):
    if os.fork() == 0:
        run(program, number)
os.wait()
