"""AWS's own endpoints through a real proxy: names, certificates and HTTPS_PROXY as in an office.

The proxy answers CONNECT, plays AWS towards the tool with a certificate for AWS's names, and hands
what it reads to the sandbox, which checks the signed Host header.
"""

import pathlib
import shutil
import socket
import socketserver
import ssl
import subprocess
import tempfile
import threading

import support

NAMES = ("*.amazonaws.com", "*.us-east-1.amazonaws.com", "*.eu-west-1.amazonaws.com")


def make_certificate(folder):
    """A CA and, from it, a certificate for AWS's names: ca.pem, server.pem, server.key."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *key, "-subj", "/CN=proxy CA", "-keyout", "ca.key", "-out", "ca.pem")
    openssl("req", *key, "-subj", "/CN=AWS", "-keyout", "server.key", "-out", "server.csr")
    (folder / "names").write_text("subjectAltName=" + ",".join("DNS:" + name for name in NAMES))
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-extfile", "names", "-out", "server.pem")


def pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    for end in (source, target):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, folder, sandbox, refusal=None):
        super().__init__(("127.0.0.1", 0), Tunnel)
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(folder / "server.pem", folder / "server.key")
        self.sandbox_port = int(sandbox.endpoint.rsplit(":", 1)[1])
        self.refusal = refusal
        self.heads = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def asked(self):
        return [head.split()[1] for head in self.heads]


class Tunnel(socketserver.BaseRequestHandler):
    def handle(self):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.request.recv(1)
        self.server.heads.append(head.decode())
        if self.server.refusal:
            self.request.sendall(f"HTTP/1.1 {self.server.refusal}\r\n\r\n".encode())
            return
        self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            aws = self.server.tls.wrap_socket(self.request, server_side=True)
        except (ssl.SSLError, OSError):
            return
        with aws, socket.create_connection(("127.0.0.1", self.server.sandbox_port)) as sandbox:
            back = threading.Thread(target=pump, args=(sandbox, aws), daemon=True)
            back.start()
            pump(aws, sandbox)
            back.join()


class ThroughAProxy(support.EndToEnd):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="awsst-proxy-"))
        self.addCleanup(shutil.rmtree, self.folder)
        make_certificate(self.folder)

    def proxy(self, sandbox, **options):
        proxy = Proxy(self.folder, sandbox, **options)
        self.addCleanup(proxy.server_close)
        self.addCleanup(proxy.shutdown)
        return proxy

    def run_through(self, home, proxy, **variables):
        standard = {
            "AWS_ENDPOINT_URL": None,
            "AWS_CA_BUNDLE": str(self.folder / "ca.pem"),
            "HTTPS_PROXY": proxy.url,
        }
        return home.run(
            "-u", "jsmith", "-r", "AdminRole", "-c", home.code(),
            environment=home.environment(**{**standard, **variables}),
        )

    def test_the_main_job_reaches_awss_own_endpoints(self):
        for region, sts in (
            (None, "sts.amazonaws.com"),
            ("eu-west-1", "sts.eu-west-1.amazonaws.com"),
        ):
            with self.subTest(region=region):
                home = self.home(self.sandbox("--region", region) if region else self.sandbox())
                proxy = self.proxy(home.sandbox)
                result = self.run_through(home, proxy, AWS_REGION=region)
                self.assertEqual(result.returncode, 0, result.stderr)
                # The look-ups side by side, the code on the connection that was opened first.
                iam = "iam.amazonaws.com:443"
                self.assertCountEqual(proxy.asked, [f"{sts}:443", iam, iam])
                for secret in ("Authorization", "TokenCode", "Security-Token"):
                    self.assertNotIn(secret, "".join(proxy.heads))

    def test_a_proxy_that_opens_tls_is_not_trusted_unasked(self):
        home = self.home(self.sandbox())
        with self.unchanged(home):
            result = self.run_through(home, self.proxy(home.sandbox), AWS_CA_BUNDLE=None)
        self.assert_says(
            result,
            1,
            "aws-session-token: error: the certificate of iam.amazonaws.com is not trusted",
            "aws-session-token: hint: behind a proxy that intercepts TLS, name its CA file with "
            "AWS_CA_BUNDLE",
        )

    def test_a_proxy_that_refuses_is_named(self):
        home = self.home(self.sandbox())
        proxy = self.proxy(home.sandbox, refusal="407 Proxy Authentication Required")
        with self.unchanged(home):
            result = self.run_through(home, proxy, AWS_MAX_ATTEMPTS="1")
        self.assert_says(
            result,
            1,
            "aws-session-token: error: the proxy refuses to connect to iam.amazonaws.com (407)",
            "aws-session-token: hint: check HTTPS_PROXY, or name the host in NO_PROXY if it "
            "needs no proxy",
        )

    def test_what_no_proxy_names_goes_straight(self):
        home = self.home(self.sandbox())
        proxy = self.proxy(home.sandbox)
        with self.unchanged(home):
            result = self.run_through(
                home, proxy, AWS_ENDPOINT_URL="https://sts.invalid", NO_PROXY=".invalid",
                AWS_MAX_ATTEMPTS="1",
            )
        self.assertIn("error: sts.invalid cannot be found", result.stderr)
        self.assertEqual(proxy.asked, [])

    def test_this_machine_is_never_reached_by_a_proxy(self):
        home = self.home(self.sandbox())
        proxy = self.proxy(home.sandbox)
        result = self.run_through(home, proxy, AWS_ENDPOINT_URL=home.sandbox.endpoint)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(proxy.asked, [])


if __name__ == "__main__":
    support.main()
