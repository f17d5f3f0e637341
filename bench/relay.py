"""A relay that makes loopback as slow as a network, and counts what goes through it.

Every byte is held back for half a round trip in each direction; the client's first bytes for one more
round trip, which is what the TCP handshake costs (the kernel finishes that one at once on loopback).
Connections, TLS handshakes and requests are counted from the outside: a request is a flight of TLS
records from the client, after those of the handshake, that the server answers.
"""

import heapq
import itertools
import selectors
import socket
import threading
import time

HANDSHAKE, APPLICATION_DATA = 22, 23
RECORD_HEAD = 5  # bytes: the kind, the version, the length
WAKING = 0.0003  # seconds: the system wakes us late, so we wake early and turn in circles till then


class Relay:
    def __init__(self, host, port, round_trip):
        self.upstream = (host, port)
        self.half = round_trip / 2
        self.round_trip = round_trip
        self.connections = 0
        self.handshakes = 0
        self.requests = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.stopped = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def counts(self):
        return self.connections, self.handshakes, self.requests

    def stop(self):
        self.stopped = True
        self.thread.join()
        self.listener.close()

    def run(self):
        order = itertools.count()
        due = []  # (time, order, socket, bytes); no bytes: the end of the stream
        selector = selectors.SelectSelector()  # epoll's would round every wait up to a millisecond
        selector.register(self.listener, selectors.EVENT_READ, None)
        while not self.stopped:
            wait = max(0, due[0][0] - time.monotonic() - WAKING) if due else 0.05
            for key, _ in selector.select(min(wait, 0.05)):
                if key.data is None:
                    self.accept(selector)
                else:
                    self.forward(key, selector, due, order)
            while due and due[0][0] <= time.monotonic():
                _, _, target, data = heapq.heappop(due)
                self.deliver(target, data)

    def accept(self, selector):
        client, _ = self.listener.accept()
        server = socket.create_connection(self.upstream)
        for each in (client, server):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connections += 1
        state = {"client": client, "server": server, "first": True, "asking": False}
        selector.register(client, selectors.EVENT_READ, state)
        selector.register(server, selectors.EVENT_READ, state)

    def forward(self, key, selector, due, order):
        source, state = key.fileobj, key.data
        from_client = source is state["client"]
        target = state["server"] if from_client else state["client"]
        try:
            data = source.recv(65536)
        except OSError:
            data = b""
        if not data:
            selector.unregister(source)
        self.count(state, from_client, data)
        delay = self.half
        if from_client and state["first"]:
            delay += self.round_trip
            state["first"] = False
        # Later bytes never overtake the first ones.
        at = max(time.monotonic() + delay, state.get((from_client, "last"), 0))
        state[(from_client, "last")] = at
        heapq.heappush(due, (at, next(order), target, data))

    def count(self, state, from_client, data):
        if not data:
            return
        if from_client and state["first"] and data[0] == HANDSHAKE:
            self.handshakes += 1
            state["tls"] = True
        if not from_client:
            if state["asking"]:
                self.requests += 1
                state["asking"] = False
        elif not state.get("tls"):
            state["asking"] = True
        else:
            for kind in self.records(state, data):
                # The client's first application data is the Finished of its handshake (RFC 8446).
                if kind == APPLICATION_DATA and state.setdefault("finished", False):
                    state["asking"] = True
                elif kind == APPLICATION_DATA:
                    state["finished"] = True

    @staticmethod
    def records(state, data):
        """The kinds of the TLS records that begin in the bytes; one read may bring several."""
        stream = state.pop("rest", b"") + data
        skipped = state.pop("skipped", 0)  # of a record whose head came before
        while True:
            step = min(skipped, len(stream))
            stream, skipped = stream[step:], skipped - step
            if len(stream) < RECORD_HEAD:
                break
            yield stream[0]
            skipped = RECORD_HEAD + int.from_bytes(stream[3:5], "big")
        state["rest"], state["skipped"] = stream, skipped

    @staticmethod
    def deliver(target, data):
        try:
            if data:
                target.sendall(data)
            else:
                target.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the other side is gone; its own end was forwarded already
