#include "os/http_curl.h"
#include "os/interrupt.h"
#include "support/child.h"
#include "support/raw_server.h"
#include "support/scratch.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <memory>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

namespace os {
namespace {

// `openssl s_server` on a port of its own choice; answers each GET with a page.
class TlsServer {
 public:
  TlsServer(const support::ScratchFolder& folder, std::vector<std::string> options) {
    std::vector<std::string> words = {"openssl",           "s_server",    "-www",
                                      "-accept",           "127.0.0.1:0", "-cert",
                                      folder / "leaf.pem", "-key",        folder / "leaf.key"};
    words.insert(words.end(), options.begin(), options.end());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    int ends[2] = {};
    if (pipe(ends) != 0) throw std::runtime_error("no pipe");
    pid_ = fork();
    if (pid_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      freopen("/dev/null", "w", stderr);
      close(ends[0]);
      close(ends[1]);
      execvp(arguments[0], arguments.data());
      _exit(127);
    }
    close(ends[1]);
    out_ = fdopen(ends[0], "r");
    char line[256] = {};
    while (std::fgets(line, sizeof line, out_) != nullptr) {
      unsigned port = 0;
      if (std::sscanf(line, "ACCEPT 127.0.0.1:%u", &port) != 1) continue;
      port_ = port;
      return;
    }
  }
  ~TlsServer() {
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
    std::fclose(out_);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  std::string origin(const char* host = "127.0.0.1") const {
    return fmt::format("https://{}:{}", host, port_);
  }

 private:
  pid_t pid_ = -1;
  std::FILE* out_ = nullptr;
  unsigned port_ = 0;
};

// A CA of the tests' own, and a certificate by it for 127.0.0.1.
struct CurlTls : testing::Test {
  static inline std::unique_ptr<support::ScratchFolder> folder;
  Interrupt interrupt;
  CurlHttpClient client{interrupt};

  static bool run(const std::string& words) {
    return std::system(fmt::format("cd {} && openssl {} >>log 2>&1", folder->path().string(), words)
                           .c_str()) == 0;
  }
  static void SetUpTestSuite() {
    folder = std::make_unique<support::ScratchFolder>();
    support::write_file(*folder / "names", "subjectAltName=IP:127.0.0.1\n");
    const std::string key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    for (const char* ca : {"ca", "other"}) {
      run(fmt::format("req -x509 {} -keyout {}.key -out {}.pem -subj /CN=awsst-{}", key, ca, ca,
                      ca));
    }
    run(fmt::format("req {} -keyout leaf.key -out leaf.csr -subj /CN=awsst-leaf", key));
    made =
        run("x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile names "
            "-out leaf.pem");
  }
  static void TearDownTestSuite() { folder.reset(); }
  void SetUp() override {
    if (!made) GTEST_SKIP() << "SKIPPED: no certificates without the openssl command";
  }
  std::string get(const std::string& origin) {
    const HttpResult result = client.send({"GET", origin, "/", {}, {}});
    if (const auto* response = std::get_if<base::HttpResponse>(&result)) {
      return std::to_string(response->status);
    }
    std::string text = std::get<HttpFailure>(result).what;
    for (const std::string& hint : std::get<HttpFailure>(result).hints) text += "\nhint: " + hint;
    return text;
  }

 private:
  static inline bool made = false;
};

std::string distrust(const char* host = "127.0.0.1") {
  return fmt::format(
      "the certificate of {} is not trusted\n"
      "hint: behind a proxy that intercepts TLS, name its CA file with AWS_CA_BUNDLE",
      host);
}

constexpr const char* no_tls =
    "cannot make a secure connection to 127.0.0.1\n"
    "hint: the server must speak TLS 1.2 or newer\n"
    "hint: check the network, and the proxy if there is one (HTTPS_PROXY)";

// The first of these tests: the variable is read when libcurl is opened.
TEST_F(CurlTls, WritesNoKeysOfItsConnectionsToAFile) {
  const TlsServer server(*folder, {});
  const std::string log = *folder / "keys";
  EXPECT_EQ(support::in_child([&] {
              setenv("SSLKEYLOGFILE", log.c_str(), 1);
              client.trust(*folder / "ca.pem");
              return get(server.origin());
            }),
            "200");
  EXPECT_FALSE(std::filesystem::exists(log));
}

TEST_F(CurlTls, TrustsNobodyWhomTheSystemDoesNot) {
  const TlsServer server(*folder, {});
  EXPECT_EQ(get(server.origin()), distrust());
}

TEST_F(CurlTls, TrustsTheCaThatItIsTold) {
  const TlsServer server(*folder, {});
  client.trust(*folder / "ca.pem");
  EXPECT_EQ(get(server.origin()), "200");
  EXPECT_EQ(get(server.origin("localhost")), distrust("localhost"));
}

TEST_F(CurlTls, TrustsOnlyTheLastCaThatItIsTold) {
  const TlsServer server(*folder, {});
  client.trust(*folder / "ca.pem");
  client.trust(*folder / "other.pem");
  EXPECT_EQ(get(server.origin()), distrust());
}

TEST_F(CurlTls, NamesACaFileThatCannotBeRead) {
  const TlsServer server(*folder, {});
  client.trust(*folder / "missing.pem");
  EXPECT_EQ(get(server.origin()), fmt::format("the CA file {} cannot be read\n"
                                              "hint: check AWS_CA_BUNDLE or ca_bundle",
                                              *folder / "missing.pem"));
}

TEST_F(CurlTls, SpeaksTls12AndNothingOlder) {
  client.trust(*folder / "ca.pem");
  const TlsServer newer(*folder, {"-tls1_2"});
  EXPECT_EQ(get(newer.origin()), "200");
  const TlsServer older(*folder, {"-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0"});
  EXPECT_EQ(get(older.origin()), no_tls);
}

TEST_F(CurlTls, SaysThatTheOtherSideSpeaksNoTls) {
  support::RawServer server({[](support::RawServer::Connection& connection) {
    connection.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    connection.closed_by_client();
  }});
  EXPECT_EQ(get("https" + server.origin().substr(4)), no_tls);
}

// The system's own certificates, replaced in a child that has mounts of its own.

TEST_F(CurlTls, TrustsTheSystemUntilItIsToldACaInstead) {
  const TlsServer server(*folder, {});
  const std::string system = *folder / "system";
  std::filesystem::create_directory(system);
  std::filesystem::copy(*folder / "ca.pem", system);
  ASSERT_TRUE(run("rehash system"));
  const std::string result = support::in_child([&]() -> std::string {
    if (!support::own_mounts() ||
        mount(system.c_str(), "/etc/ssl/certs", nullptr, MS_BIND, nullptr) != 0) {
      return "cannot mount";
    }
    std::string text = get(server.origin());
    client.trust(*folder / "other.pem");
    return text + "\n" + get(server.origin());
  });
  if (result == "cannot mount") GTEST_SKIP() << "SKIPPED: no file system may be mounted here";
  EXPECT_EQ(result, "200\n" + distrust());
}

TEST_F(CurlTls, SaysThatTheSystemHasNoCertificates) {
  const TlsServer server(*folder, {});
  std::filesystem::create_directory(*folder / "empty");
  const std::string result = support::in_child([&]() -> std::string {
    if (!support::own_mounts() ||
        mount((*folder / "empty").c_str(), "/etc/ssl/certs", nullptr, MS_BIND, nullptr) != 0) {
      return "cannot mount";
    }
    return get(server.origin());
  });
  if (result == "cannot mount") GTEST_SKIP() << "SKIPPED: no file system may be mounted here";
  EXPECT_EQ(result,
            "there are no CA certificates on this system\n"
            "hint: install them; on Debian: apt-get install ca-certificates");
}

}  // namespace
}  // namespace os
