"""Stands between the program and the sandbox: writes down what is refused, can spoil requests on their
way as a bad proxy does, and can answer in the sandbox's stead."""

import http.client
import http.server
import re
import threading
import urllib.parse
import xml.sax.saxutils


def error_body(code, message):
    text = f"<Message>{xml.sax.saxutils.escape(message)}</Message>" if message else ""
    return (
        "<ErrorResponse><Error><Type>Sender</Type>"
        f"<Code>{code}</Code>{text}</Error><RequestId>go-between</RequestId></ErrorResponse>"
    )


class GoBetween:
    """`instead`: an operation to answer for, and status, code and message to answer with; `rewrite`: a
    text in answers, and what takes its place; `spoil`: an operation, a header of its request (or
    `body`), a text in it (or none: all of it), and what takes its place; an empty header is left
    out."""

    def __init__(self, sandbox, instead=None, rewrite=None, spoil=None):
        self.refusals = []  # (operation, status, code, message)
        address = urllib.parse.urlsplit(sandbox.endpoint)
        between = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments):
                pass

            def do_HEAD(self):
                self.forward(b"")

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                operation = urllib.parse.parse_qs(body.decode())["Action"][0]
                if instead and instead[0] == operation:
                    status, code, message = instead[1:]
                    text = error_body(code, message) if code else ""
                    between.refusals.append((operation, status, code, message))
                    return self.answer(status, {"Content-Type": "text/xml"}, text.encode())
                if spoil and spoil[0] == operation:
                    body = self.spoil(body, *spoil[1:])
                self.forward(body, operation)

            def spoil(self, body, place, text, other):
                if place == "body":
                    body = body.replace(text.encode(), other.encode())
                    self.headers.replace_header("Content-Length", str(len(body)))
                else:
                    value = self.headers[place].replace(text, other) if text else other
                    del self.headers[place]
                    if value:
                        self.headers[place] = value
                return body

            def forward(self, body, operation=None):
                connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
                # The Host that was signed is passed on.
                connection.putrequest(self.command, self.path, skip_host=True,
                                      skip_accept_encoding=True)
                for name, value in self.headers.items():
                    connection.putheader(name, value)
                connection.endheaders(body)
                answer = connection.getresponse()
                content = answer.read()
                if rewrite:
                    content = content.replace(rewrite[0].encode(), rewrite[1].encode())
                kept = {n: v for n, v in answer.getheaders()
                        if n.lower() not in ("content-length", "connection", "transfer-encoding")}
                connection.close()
                # First: with the answer the program may end, and its test looks here.
                if operation and answer.status != 200:
                    between.refusals.append((operation, answer.status, *parts(content.decode())))
                self.answer(answer.status, kept, content)

            def answer(self, status, headers, content):
                self.send_response_only(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None  # a connection that the program gave up
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.endpoint = f"http://127.0.0.1:{self.server.server_address[1]}"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def parts(text):
    """Code and message of an error's body."""
    code = re.search(r"<Code>(.*?)</Code>", text, re.S)
    message = re.search(r"<Message>(.*?)</Message>", text, re.S)
    return (code[1] if code else "",
            xml.sax.saxutils.unescape(message[1], {"&quot;": '"', "&apos;": "'"}) if message else "")
