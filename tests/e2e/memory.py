"""Reads other processes' memory, as root: where do the bytes of a secret lie?"""

import ctypes
import os
import pathlib
import select
import signal
import socket
import threading
import urllib.parse

# A sanitizer maps terabytes that no program's data lies in.
LARGEST = 1 << 30
PIECE = 8

_libc = ctypes.CDLL(None, use_errno=True)
_SEIZE, _CONT, _DETACH = 0x4206, 7, 17
_TRACE_EXIT, _EVENT_EXIT = 0x40, 6
_ANY_CHILD = 0x40000000  # __WALL


class Mapping:
    """A line of /proc/PID/smaps, with the flags that belong to it."""

    def __init__(self, header):
        addresses, self.permissions, *rest = header.split()
        self.name = rest[3] if len(rest) > 3 else ""
        self.begin, self.end = (int(part, 16) for part in addresses.split("-"))
        self.flags = set()

    @property
    def is_readable(self):
        return "r" in self.permissions and not self.name.startswith(("[vvar", "[vsyscall", "/dev/"))

    @property
    def is_large(self):
        return self.end - self.begin > LARGEST


def mappings(pid):
    found = []
    for line in pathlib.Path(f"/proc/{pid}/smaps").read_text().splitlines():
        first, _, rest = line.partition(" ")
        if first == "VmFlags:":
            found[-1].flags = set(rest.split())
        elif not first.endswith(":"):
            found.append(Mapping(line))
    return found


def is_guarded(all_mappings, index):
    """As libsodium allocates: left out of core dumps, between two pages that nobody may touch."""
    def is_closed(neighbour, address, edge):
        return neighbour.permissions.startswith("---") and getattr(neighbour, edge) == address

    mapping = all_mappings[index]
    if "dd" not in mapping.flags or index == 0 or index + 1 == len(all_mappings):
        return False
    return (is_closed(all_mappings[index - 1], mapping.begin, "end")
            and is_closed(all_mappings[index + 1], mapping.end, "begin"))


class Copies:
    """What was found of a secret in one process: how often whole, and how many of its pieces of eight
    bytes, of those at every offset, lie anywhere outside guarded pages; and how often it is whole in
    guarded ones."""

    def __init__(self):
        self.whole = 0
        self.pieces = 0
        self.guarded = 0
        self.bytes = 0
        self.places = set()


def scan(pid, secret):
    """Throws OSError where the process is gone."""
    secret = secret.encode()
    pieces = {secret[i:i + PIECE] for i in range(len(secret) - PIECE + 1)}
    copies = Copies()
    all_mappings = mappings(pid)
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for index, mapping in enumerate(all_mappings):
            if not mapping.is_readable or mapping.is_large:
                continue
            memory.seek(mapping.begin)
            try:
                data = memory.read(mapping.end - mapping.begin)
            except OSError:
                continue  # a page of a file that has become shorter
            copies.bytes += len(data)
            whole = data.count(secret)
            if is_guarded(all_mappings, index):
                copies.guarded += whole
                continue
            found = {piece for piece in pieces if piece in data}
            if found:
                copies.places.add(f"{mapping.name or 'anonymous'} {mapping.permissions}")
            copies.whole += whole
            copies.pieces += len(found)
            pieces -= found
    return copies


def processes(program, home):
    """Those that run the program with this home folder, in the order of their ids."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if (os.readlink(entry / "exe") == os.path.realpath(program)
                    and f"HOME={home}".encode() in (entry / "environ").read_bytes().split(b"\0")):
                found.append(int(entry.name))
        except OSError:
            pass
    return sorted(found)


def _ptrace(request, pid, data=0):
    if _libc.ptrace(request, pid, None, ctypes.c_void_p(data)) != 0:
        raise OSError(ctypes.get_errno(), "ptrace")


def stop_at_exit(pid):
    """Has the kernel stop a child of ours when it has called exit, with its memory still there."""
    _ptrace(_SEIZE, pid, _TRACE_EXIT)


def wait_for_exit(pid, look):
    """Waits for that moment, calls `look`, and lets the child go."""
    while True:
        _, status = os.waitpid(pid, _ANY_CHILD)
        assert os.WIFSTOPPED(status), "the child ended unseen"
        if status >> 8 == signal.SIGTRAP | _EVENT_EXIT << 8:
            look()
            return _ptrace(_DETACH, pid)
        event = status >> 16
        _ptrace(_CONT, pid, 0 if event else os.WSTOPSIG(status))


class Relay:
    """Passes bytes between the program and the sandbox, which speaks TLS; `look` is called when bytes
    of the program's have come and before they go on: each of its requests is made and waits."""

    def __init__(self, sandbox, look):
        self.look = look
        self.errors = []
        address = urllib.parse.urlsplit(sandbox.endpoint)
        self.target = (address.hostname, address.port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"https://127.0.0.1:{self.listener.getsockname()[1]}"
        self.lock = threading.Lock()
        threading.Thread(target=self.accept, daemon=True).start()

    def stop(self):
        self.listener.close()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.relay, args=(client,), daemon=True).start()

    def relay(self, client):
        try:
            server = socket.create_connection(self.target)
        except OSError:  # the sandbox has ended, and a process beside a command has not yet
            return client.close()
        with client, server:
            while True:
                ready, _, _ = select.select([client, server], [], [])
                for source in ready:
                    try:
                        data = source.recv(1 << 16)
                        if not data:
                            return
                        if source is client:
                            self.look_at_request()
                        (server if source is client else client).sendall(data)
                    except OSError:
                        return

    def look_at_request(self):
        with self.lock:
            try:
                self.look()
            except Exception as error:  # the test's thread is told
                self.errors.append(error)
