"""A server that stands between programs and another one, on a thread of its own."""

import http.client
import http.server
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body at once: a body of its own waits for the head's ACK
    disable_nagle_algorithm = True

    def log_message(self, *arguments):
        pass

    def answer(self, status, headers, content):
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


class Server:
    """Serves with the handler until stop(); `on_error` is called where a handler throws."""

    def __init__(self, handler, on_error):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: on_error()
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.endpoint = f"http://127.0.0.1:{self.server.server_address[1]}"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def forward(handler, body, address, more):
    """The handler's request, with more headers, put to the server at the address; its answer."""
    connection = http.client.HTTPConnection(*address, timeout=60)
    # The Host that was signed is passed on.
    connection.putrequest(handler.command, handler.path, skip_host=True, skip_accept_encoding=True)
    for name, value in handler.headers.items():
        if name.lower() not in ("expect", "connection"):
            connection.putheader(name, value)
    for name, value in more.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    answer = connection.getresponse()
    content = answer.read()
    # A HEAD tells the length of what it does not send.
    dropped = ["connection", "transfer-encoding"]
    if handler.command != "HEAD":
        dropped.append("content-length")
    headers = {n: v for n, v in answer.getheaders() if n.lower() not in dropped}
    connection.close()
    return answer.status, headers, content
