"""Runs small socket programs inside one network namespace.

A line of JSON on stdin starts, feeds or ends one:
  {"run": ID, "steps": [[NAME, ARG...], ...]}   in a process of its own
  {"go": ID, "mark": NAME}                      lets its step ["wait", NAME] return
  {"kill": ID}                                  SIGKILL, as the out-of-memory killer would
Lines of JSON on stdout: {"id", "event", ...}, where event is "mark", "error" (of one step: the program goes on), "end".

Every socket has a name, "s" unless said otherwise; the steps are the methods of Program.
"""

import ctypes
import json
import os
import select
import signal
import socket
import struct
import sys
import threading
import time

LOCK = threading.Lock()


def report(**event):
    # One write of less than PIPE_BUF bytes: lines of several processes do not mix.
    os.write(1, (json.dumps(event) + "\n").encode())


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Program:
    def __init__(self, ident, control):
        self.ident = ident
        self.control = control
        self.sockets = {}
        self.marks = set()
        self.buffer = b""

    def run(self, steps):
        for step in steps:
            name, *arguments = step
            try:
                getattr(self, "do_" + name)(*arguments)
            except OSError as error:
                report(id=self.ident, event="error", step=name, errno=error.errno, text=str(error))

    # --- opening -------------------------------------------------------------------------------------------------

    def make(self, address):
        return socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)

    def do_listen(self, address, port, backlog=64, name="l", receive_buffer=0):
        sock = self.make(address)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        sock.bind((address, port))
        sock.listen(backlog)
        self.sockets[name] = sock

    def do_accept(self, name="s", listener="l", timeout=20):
        self.sockets[listener].settimeout(timeout)
        self.sockets[name], _ = self.sockets[listener].accept()
        self.sockets[name].setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def do_serve(self, request, answer, seconds, listener="l"):
        """Answers one request of everybody who comes within that time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not select.select([self.sockets[listener]], [], [], 0.1)[0]:
                continue
            try:
                self.do_accept("served", listener)
                self.do_receive(request, "served", 2)
                self.do_send(answer, "served")
            except OSError as error:
                report(id=self.ident, event="error", step="serve", errno=error.errno, text=str(error))
            self.do_close("served")

    def do_socket(self, address, name="s"):
        self.sockets[name] = self.make(address)

    def do_connect(self, address, port, name="s", source_port=0, timeout=20):
        sock = self.sockets.get(name) or self.make(address)
        self.sockets[name] = sock
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if source_port:
            sock.bind(("::" if ":" in address else "0.0.0.0", source_port))
        sock.settimeout(timeout)
        sock.connect((address, port))

    def do_connect_later(self, address, port, name="s"):
        """Starts a handshake and does not wait for it."""
        sock = self.make(address)
        self.sockets[name] = sock
        sock.setblocking(False)
        sock.connect_ex((address, port))

    # --- talking -------------------------------------------------------------------------------------------------

    def do_send(self, what, name="s", timeout=20):
        """A number of bytes, or a text ("hex:…" for bytes)."""
        if isinstance(what, int):
            data = bytes(i * 7 & 255 for i in range(256)) * (what // 256 + 1)
            data = data[:what]
        elif what.startswith("hex:"):
            data = bytes.fromhex(what[4:])
        else:
            data = what.encode()
        self.sockets[name].settimeout(timeout)
        self.sockets[name].sendall(data)

    def do_receive(self, count, name="s", timeout=20):
        left = count
        self.sockets[name].settimeout(timeout)
        while left > 0:
            data = self.sockets[name].recv(min(left, 65536))
            if not data:
                return
            left -= len(data)

    def do_peek(self, count, name="s", timeout=5):
        """Waits until so many bytes lie in the receive buffer, and leaves them there."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if select.select([self.sockets[name]], [], [], 0.05)[0]:
                if len(self.sockets[name].recv(count, socket.MSG_PEEK)) >= count:
                    return
                time.sleep(0.005)

    def do_drain(self, name="s", timeout=20):
        """Reads until the other side ends."""
        self.do_receive(1 << 40, name, timeout)

    def do_sleep(self, seconds):
        time.sleep(seconds)

    # --- options -------------------------------------------------------------------------------------------------

    def do_linger0(self, name="s"):
        self.sockets[name].setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def do_keepalive(self, idle, interval, count, name="s"):
        sock = self.sockets[name]
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, idle)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, interval)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, count)

    def do_user_timeout(self, milliseconds, name="s"):
        self.sockets[name].setsockopt(socket.IPPROTO_TCP, 18, milliseconds)

    def do_option(self, level, option, value, name="s"):
        """`value`: a number, or bytes in hexadecimal."""
        self.sockets[name].setsockopt(level, option, value if isinstance(value, int) else bytes.fromhex(value))

    # --- ending --------------------------------------------------------------------------------------------------

    def do_shutdown(self, name="s"):
        self.sockets[name].shutdown(socket.SHUT_WR)

    def do_close(self, name="s"):
        self.sockets.pop(name).close()

    # --- with the controller -------------------------------------------------------------------------------------

    def do_mark(self, name):
        report(id=self.ident, event="mark", mark=name)

    def do_port(self, name="s"):
        report(id=self.ident, event="mark", mark="port", value=self.sockets[name].getsockname()[1])

    def do_wait(self, name, timeout=30):
        end = time.monotonic() + timeout
        while name not in self.marks:
            if not select.select([self.control], [], [], max(0, end - time.monotonic()))[0]:
                raise OSError(0, "nobody said go to " + name)
            data = os.read(self.control, 4096)
            if not data:
                os._exit(0)
            self.buffer += data
            *lines, self.buffer = self.buffer.split(b"\n")
            self.marks.update(line.decode() for line in lines)

    def do_remember_seq(self, name="s"):
        """The next sequence number of this end, for a segment made by hand later."""
        sock = self.sockets[name]
        repair, queue, queue_seq = 19, 20, 21
        sock.setsockopt(socket.IPPROTO_TCP, repair, 1)
        sock.setsockopt(socket.IPPROTO_TCP, queue, 2)
        self.seq = sock.getsockopt(socket.IPPROTO_TCP, queue_seq) & 0xFFFFFFFF
        sock.setsockopt(socket.IPPROTO_TCP, repair, -1)

    def do_raw_old_syn(self, source, target, sport, dport, back):
        """A SYN so far before the remembered sequence number that it cannot be a new connection's."""
        self.do_raw_tcp(source, target, sport, dport, (self.seq - back) & 0xFFFFFFFF, 0, 2)

    # --- without a socket ----------------------------------------------------------------------------------------

    def do_udp(self, address, port, count=1):
        sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
        sock.connect((address, port))
        for _ in range(count):
            try:
                sock.send(b"anybody there?")
                sock.settimeout(0.3)
                sock.recv(100)
            except OSError as error:
                report(id=self.ident, event="error", step="udp", errno=error.errno, text=str(error))

    def do_dns(self, address, port, source_port, tries=3, timeout=0.7):
        """Asks for the address of a name that no other port asks for, again where nobody answers, as a resolver does."""
        sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind(("::" if ":" in address else "0.0.0.0", source_port))
        sock.connect((address, port))
        sock.settimeout(timeout)
        name = b"".join(bytes([len(part)]) + part for part in (b"h%05d" % source_port, b"lab", b"example")) + b"\0"
        query = struct.pack("!HHHHHH", source_port, 0x0100, 1, 0, 0, 0) + name + struct.pack("!HH", 1, 1)
        for _ in range(tries):
            try:
                sock.send(query)
                sock.recv(512)
                return
            except OSError as error:
                report(id=self.ident, event="error", step="dns", errno=error.errno, text=str(error))
                if error.errno == 111:
                    return

    def do_dns_serve(self, address, port, seconds):
        """Answers every question with one address."""
        sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind((address, port))
        report(id=self.ident, event="mark", mark="listening")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if select.select([sock], [], [], 0.1)[0]:
                query, sender = sock.recvfrom(512)
                answer = query[:2] + struct.pack("!HHHHH", 0x8180, 1, 1, 0, 0) + query[12:]
                sock.sendto(answer + struct.pack("!HHHIH4s", 0xC00C, 1, 1, 60, 4, b"\x0a\x01\x02\x03"), sender)

    def do_raw_tcp(self, source, target, sport, dport, seq, ack, flags, window=1024, ttl=47, data=b""):
        """One IPv4 TCP segment without options, made by hand as scanners do."""
        raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        src, dst = socket.inet_aton(source), socket.inet_aton(target)
        tcp = struct.pack("!HHIIBBHHH", sport, dport, seq, ack, 5 << 4, flags, window, 0, 0) + data + b"\0" * (len(data) % 2)
        total = sum(struct.unpack("!%dH" % ((12 + len(tcp)) // 2), src + dst + struct.pack("!BBH", 0, 6, len(tcp)) + tcp))
        while total >> 16:
            total = (total & 0xFFFF) + (total >> 16)
        tcp = tcp[:16] + struct.pack("!H", ~total & 0xFFFF) + tcp[18:]
        header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0, ttl, 6, 0, src, dst)
        raw.sendto(header + tcp, (target, 0))
        raw.close()

    def do_raw_reset_loop(self, source, target, sport, dport, seq, rounds):
        """Plays a stack that answers every reset with the acknowledgement it sent before."""
        ear = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
        ear.settimeout(2)

        def heard():
            while True:
                packet, (sender, _) = ear.recvfrom(2048)
                tcp = packet[(packet[0] & 15) * 4 :]
                theirs, ours, number = struct.unpack("!HHI", tcp[:8])
                if sender == target and (theirs, ours) == (dport, sport):
                    return number, tcp[13]

        self.do_raw_tcp(source, target, sport, dport, seq, 0, 2, 64000, 64)
        number, _ = heard()
        ack = (number + 1) & 0xFFFFFFFF
        self.do_raw_tcp(source, target, sport, dport, seq + 1, ack, 0x10, 64000, 64)
        self.do_raw_tcp(source, target, sport, dport, seq + 1, ack, 0x18, 64000, 64, b"x" * 40)
        try:
            while rounds > 0:
                _, flags = heard()
                if flags & 4:
                    rounds -= 1
                    self.do_raw_tcp(source, target, sport, dport, seq + 41, ack, 0x10, 64000, 64)
        except TimeoutError:
            pass
        ear.close()

    def do_raw_half_open(self, source, target, sport, dport, seq, ttl=64):
        """SYN, SYN-ACK, RST+ACK instead of the ACK, as some balancers check whether a port is open."""
        ear = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
        ear.settimeout(2)
        self.do_raw_tcp(source, target, sport, dport, seq, 0, 2, 1024, ttl)
        while True:
            packet, (sender, _) = ear.recvfrom(2048)
            tcp = packet[(packet[0] & 15) * 4 :]
            theirs, ours, number = struct.unpack("!HHI", tcp[:8])
            if sender == target and (theirs, ours) == (dport, sport) and tcp[13] & 0x12 == 0x12:
                break
        ear.close()
        self.do_raw_tcp(source, target, sport, dport, (seq + 1) & 0xFFFFFFFF, (number + 1) & 0xFFFFFFFF, 0x14, 0, ttl)


def main():
    die_with_parent()
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    children = {}

    def reap(pid, ident):
        _, status = os.waitpid(pid, 0)
        with LOCK:
            children.pop(ident, None)
        report(id=ident, event="end", status=status)

    report(id=0, event="ready")
    for line in sys.stdin:
        message = json.loads(line)
        if "run" in message:
            ident = message["run"]
            read_end, write_end = os.pipe()
            pid = os.fork()
            if pid == 0:
                die_with_parent()
                os.close(write_end)
                for other in list(children.values()):
                    os.close(other[1])
                code = 0
                try:
                    Program(ident, read_end).run(message["steps"])
                except BaseException as error:  # a mistake in the scenario: say so, do not hang
                    report(id=ident, event="broken", text=repr(error))
                    code = 1
                os._exit(code)
            os.close(read_end)
            with LOCK:
                children[ident] = (pid, write_end)
            threading.Thread(target=reap, args=(pid, ident), daemon=True).start()
        elif "go" in message:
            with LOCK:
                child = children.get(message["go"])
            if child:
                try:
                    os.write(child[1], (message["mark"] + "\n").encode())
                except OSError:
                    pass
        elif "kill" in message:
            with LOCK:
                child = children.get(message["kill"])
            if child:
                os.kill(child[0], signal.SIGKILL)


main()
