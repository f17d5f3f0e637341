"""Stands between the program and the sandbox: writes down what is refused, can spoil requests on their
way as a bad proxy does, and can answer in the sandbox's stead."""

import re
import urllib.parse
import xml.sax.saxutils

import http_between


def error_body(code, message):
    text = f"<Message>{xml.sax.saxutils.escape(message)}</Message>" if message else ""
    return (
        "<ErrorResponse><Error><Type>Sender</Type>"
        f"<Code>{code}</Code>{text}</Error><RequestId>go-between</RequestId></ErrorResponse>"
    )


class GoBetween(http_between.Server):
    """`instead`: an operation to answer for, and status, code and message to answer with; `rewrite`: a
    text in answers, and what takes its place; `spoil`: an operation, a header of its request (or
    `body`), a text in it (or none: all of it), and what takes its place; an empty header is left
    out."""

    def __init__(self, sandbox, instead=None, rewrite=None, spoil=None):
        self.refusals = []  # (operation, status, code, message)
        address = urllib.parse.urlsplit(sandbox.endpoint)
        between = self

        class Handler(http_between.Handler):
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
                status, headers, content = http_between.forward(
                    self, body, (address.hostname, address.port), {})
                if rewrite:
                    content = content.replace(rewrite[0].encode(), rewrite[1].encode())
                # First: with the answer the program may end, and its test looks here.
                if operation and status != 200:
                    between.refusals.append((operation, status, *parts(content.decode())))
                self.answer(status, headers, content)

        super().__init__(Handler, lambda: None)  # a connection that the program gave up


def parts(text):
    """Code and message of an error's body."""
    code = re.search(r"<Code>(.*?)</Code>", text, re.S)
    message = re.search(r"<Message>(.*?)</Message>", text, re.S)
    return (code[1] if code else "",
            xml.sax.saxutils.unescape(message[1], {"&quot;": '"', "&apos;": "'"}) if message else "")
