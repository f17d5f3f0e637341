"""A network with a round trip that one can choose, on one machine.

Two network namespaces are joined by a line that holds each packet back for half a round trip. The
caller is in the server's from then on; what it starts within `client()` is in the client's, where
127.0.0.1 is the server. So TCP's handshake takes as long as on a real network, and can overlap with
what is done meanwhile. Names are not looked up: there is nobody to ask.
"""

import collections
import contextlib
import ctypes
import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import time

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000  # linux/sched.h
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000  # linux/if_tun.h
TUN = "/dev/net/tun"
WAKING = 0.0003  # seconds: the system wakes us late, so we wake early and turn in circles till then
LARGEST_PACKET = 65536

libc = ctypes.CDLL(None, use_errno=True)


class Unavailable(Exception):
    """This user may not make network namespaces here, or what they take is missing; it was said."""


def call(function, *arguments):
    if function(*arguments) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), function.__name__)


def become_root_of_a_user_namespace():
    user, group = os.geteuid(), os.getegid()
    call(libc.unshare, CLONE_NEWUSER)
    for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def this_namespace():
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def enter_namespace(*commands):
    """A new one, which is the caller's from now on, with an end of the line."""
    call(libc.unshare, CLONE_NEWNET)
    line = os.open(TUN, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    fcntl.ioctl(line, TUNSETIFF, struct.pack("16sH22x", b"line", IFF_TUN | IFF_NO_PI))
    for name in ("all", "line"):
        for setting, value in (("route_localnet", "1"), ("rp_filter", "0")):
            with open(f"/proc/sys/net/ipv4/conf/{name}/{setting}", "w") as file:
                file.write(value)
    for command in ("link set lo up", "link set line up", *commands):
        subprocess.run(["ip", *command.split()], check=True)
    return line, this_namespace()


def try_in_a_child(attempt):
    """What fails half-way would leave the caller in a namespace without a network."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            attempt()
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"\nno network namespaces: {error}", flush=True)
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        raise Unavailable()


def hold_packets_back(lines, seconds):
    queues = {line: collections.deque() for line in lines}
    other = dict(zip(lines, reversed(lines)))
    while True:
        due = min((queue[0][0] for queue in queues.values() if queue), default=None)
        wait = 1 if due is None else max(0, due - time.monotonic() - WAKING)
        for line in select.select(lines, [], [], wait)[0]:
            with contextlib.suppress(BlockingIOError):
                while True:
                    packet = os.read(line, LARGEST_PACKET)
                    queues[line].append((time.monotonic() + seconds, packet))
        for line, queue in queues.items():
            while queue and queue[0][0] <= time.monotonic():
                os.write(other[line], queue.popleft()[1])


class Loopback:
    """Takes no time by itself: what a round trip takes is left to the relay."""

    def __init__(self, round_trip):
        self.left_to_relay = round_trip
        self.client = contextlib.nullcontext

    def close(self):
        pass


class SlowNetwork:
    """Of one thread: its namespace is changed, that of others is not."""

    left_to_relay = 0

    def __init__(self, round_trip):
        try_in_a_child(self.open)
        self.open()
        self.process = os.fork()
        if self.process == 0:
            with contextlib.suppress(KeyboardInterrupt):
                hold_packets_back(self.lines, round_trip / 2)
            os._exit(0)
        for line in self.lines:
            os.close(line)

    def open(self):
        if os.geteuid() != 0:
            become_root_of_a_user_namespace()
        client_line, self.client_namespace = enter_namespace(
            "address add 10.9.0.1/24 dev line",
            "address delete 127.0.0.1/8 dev lo",
            "route add 127.0.0.1/32 dev line src 10.9.0.1",
        )
        server_line, self.server_namespace = enter_namespace("address add 10.9.0.2/24 dev line")
        self.lines = [client_line, server_line]

    @contextlib.contextmanager
    def client(self):
        call(libc.setns, self.client_namespace, CLONE_NEWNET)
        try:
            yield
        finally:
            call(libc.setns, self.server_namespace, CLONE_NEWNET)

    def close(self):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.client_namespace)
        os.close(self.server_namespace)
