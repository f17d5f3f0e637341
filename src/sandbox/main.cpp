#include "base/error.h"
#include "base/text.h"
#include "os/http_server.h"
#include "sandbox/sandbox.h"
#include "sandbox/tls.h"
#include "sandbox/totp.h"
#include "version.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fmt/core.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <sys/prctl.h>
#include <thread>
#include <unistd.h>

namespace {

using base::Error;
using base::ErrorKind;
using Json = nlohmann::ordered_json;

struct Arguments {
  std::uint16_t port = 0;
  bool tls = false;
  bool extra_fields = false;
  bool exit_with_parent = false;
  std::string latency = "0ms";
  std::string clock_skew = "0s";
  std::string max_mfa_session;
  std::string max_role_session;
  std::string region = "us-east-1";
  std::string world_file;
  std::string code_secret;
  std::vector<std::string> faults;
};

class ServerClock : public os::Clock {
 public:
  base::Time now() override {
    return std::chrono::floor<base::Seconds>(std::chrono::system_clock::now());
  }
  std::chrono::milliseconds monotonic() override {
    return std::chrono::floor<std::chrono::milliseconds>(
        std::chrono::steady_clock::now().time_since_epoch());
  }
  void sleep(std::chrono::milliseconds duration) override { std::this_thread::sleep_for(duration); }
};

// A fresh folder of ours alone, removed with all that is in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    const char* const base = std::getenv("TMPDIR");
    path_ = fmt::format("{}/aws-session-token-sandbox.XXXXXX", base && *base ? base : "/tmp");
    if (!mkdtemp(path_.data())) throw Error(ErrorKind::failed, "cannot make the folder " + path_);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string write(const std::string& name, const std::string& text) const {
    std::string file = path_ + "/" + name;
    std::ofstream out(file, std::ios::binary);
    out << text;
    if (!out.flush()) throw Error(ErrorKind::failed, "cannot write " + file);
    return file;
  }

 private:
  std::string path_;
};

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) throw Error(ErrorKind::failed, "cannot read " + path);
  return text.str();
}

// "50ms", or what every other duration may be.
std::chrono::milliseconds parse_latency(const std::string& text) {
  if (text.ends_with("ms") && base::is_digits(std::string_view(text).substr(0, text.size() - 2)) &&
      text.size() <= 9) {
    return std::chrono::milliseconds(std::stol(text));
  }
  if (const auto duration = base::parse_duration(text)) return *duration;
  throw Error(ErrorKind::usage, "not a duration: " + base::printable(text), {"for example: 50ms"});
}

// Nothing given leaves the limit as it is.
void limit(base::Seconds& session, const std::string& text) {
  if (text.empty()) return;
  const auto duration = base::parse_duration(text);
  if (!duration) {
    throw Error(ErrorKind::usage, "not a duration: " + base::printable(text),
                {"for example: 20s or 15m"});
  }
  session = std::min(session, *duration);
}

base::Seconds parse_skew(const std::string& text) {
  const bool back = text.starts_with('-');
  const auto duration = base::parse_duration(std::string_view(text).substr(back ? 1 : 0));
  if (!duration) {
    throw Error(ErrorKind::usage, "not a duration: " + base::printable(text),
                {"for example: 10m or -10m"});
  }
  return back ? -*duration : *duration;
}

Json describe(const sandbox::User& user) {
  Json devices = Json::array();
  Json first = {{"serial_number", nullptr}, {"totp_secret", nullptr}};
  for (const sandbox::MfaDevice& device : user.mfa_devices) {
    const bool usable = !device.totp_secret.empty();
    const Json secret = usable ? Json(device.totp_secret) : Json();
    devices.push_back({{"serial_number", device.serial_number}, {"totp_secret", secret}});
    if (usable && first["serial_number"].is_null()) first = devices.back();
  }
  const bool has_key = !user.access_keys.empty();
  return {{"username", user.name},
          {"account", user.account},
          {"arn", user.arn},
          {"access_key_id", has_key ? Json(user.access_keys[0].id) : Json()},
          {"secret_access_key", has_key ? Json(user.access_keys[0].secret) : Json()},
          {"serial_number", first["serial_number"]},
          {"totp_secret", first["totp_secret"]},
          {"mfa_devices", devices}};
}

Json ready_line(const sandbox::Sandbox& sandbox, const std::string& endpoint,
                const std::optional<std::string>& ca) {
  Json users = Json::array();
  for (const sandbox::User& user : sandbox.world().users()) users.push_back(describe(user));
  Json roles = Json::array();
  for (const sandbox::Role& role : sandbox.world().roles()) {
    roles.push_back({{"name", role.name},
                     {"arn", role.arn},
                     {"max_session_duration", role.max_session_duration.count()}});
  }
  return {{"endpoint", endpoint},
          {"ca", ca ? Json(*ca) : Json()},
          {"region", sandbox.region()},
          {"account", sandbox.world().account()},
          {"users", users},
          {"roles", roles}};
}

void print_line(const std::string& line) {
  if (std::puts(line.c_str()) < 0 || std::fflush(stdout) != 0) {
    throw Error(ErrorKind::failed, "cannot write to standard output");
  }
}

void serve(const Arguments& arguments) {
  // Blocked before the first thread is made, so that only the sigwait below gets them.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  if (arguments.exit_with_parent) {
    const pid_t parent = getppid();
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) return;  // it died in between
  }

  sandbox::Options options;
  options.region = arguments.region;
  options.latency = parse_latency(arguments.latency);
  options.clock_skew = parse_skew(arguments.clock_skew);
  limit(options.session_limits.user, arguments.max_mfa_session);
  limit(options.session_limits.role, arguments.max_role_session);
  options.extra_fields = arguments.extra_fields;
  if (!arguments.world_file.empty()) options.world = read_file(arguments.world_file);
  ServerClock clock;
  os::SystemRandom random;
  sandbox::Sandbox sandbox(std::move(options), clock, random);
  for (const std::string& fault : arguments.faults) sandbox.add_fault(sandbox::parse_fault(fault));

  std::optional<sandbox::Tls> tls;
  std::optional<TemporaryFolder> folder;
  std::optional<std::string> ca;
  if (arguments.tls) {
    tls.emplace();
    folder.emplace();
    ca = folder->write("ca.pem", tls->ca_pem());
  }
  os::HttpServerOptions server_options;
  server_options.port = arguments.port;
  server_options.max_connections = 256;
  const os::HttpServer server(
      [&sandbox](const base::HttpRequest& request) { return sandbox.handle(request); },
      server_options, tls ? tls->layer() : os::WrapStream());
  const std::string endpoint =
      fmt::format("{}://127.0.0.1:{}", arguments.tls ? "https" : "http", server.port());
  print_line(ready_line(sandbox, endpoint, ca).dump());
  int signal = 0;
  sigwait(&ends, &signal);
}

void bind(CLI::App& app, Arguments& arguments) {
  app.set_version_flag("--version", "aws-session-token-sandbox " AWSST_VERSION);
  app.add_option("--port", arguments.port, "Port to listen on; any free one by default");
  app.add_flag("--tls", arguments.tls, "Serve HTTPS; \"ca\" of the ready line names the CA's file");
  app.add_option("--latency", arguments.latency, "Wait before every answer, for example 50ms");
  app.add_option("--fail", arguments.faults,
                 "OPERATION:CODE:COUNT: fail the next COUNT calls of OPERATION (* for all) with\n"
                 "CODE: an AWS error code, an HTTP status, drop-before, drop-after or truncate")
      ->type_name("FAULT")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--clock-skew", arguments.clock_skew, "Shift the sandbox's clock: 10m or -10m");
  app.add_option("--max-role-session", arguments.max_role_session,
                 "End sessions of AssumeRole after this, whatever was asked for: 20s; to see\n"
                 "what happens when a session ends")
      ->type_name("DURATION");
  app.add_option("--max-mfa-session", arguments.max_mfa_session,
                 "The same for sessions of GetSessionToken")
      ->type_name("DURATION");
  app.add_option("--region", arguments.region, "Region that STS answers for");
  app.add_option("--world", arguments.world_file, "JSON file with users, roles and policies");
  app.add_flag("--extra-fields", arguments.extra_fields,
               "Answer with elements that no client knows");
  app.add_flag("--exit-with-parent", arguments.exit_with_parent,
               "End when the parent process ends");
  app.add_option("--code", arguments.code_secret,
                 "Print the present code of an MFA device's secret by the sandbox's clock, and do\n"
                 "nothing else")
      ->type_name("SECRET");
}

void run(const Arguments& arguments) {
  if (arguments.code_secret.empty()) return serve(arguments);
  ServerClock clock;
  const base::Time now = clock.now() + parse_skew(arguments.clock_skew);
  print_line(sandbox::totp::code(arguments.code_secret, sandbox::totp::step_at(now)));
}

int run_command_line(int argc, char** argv) {
  CLI::App app(
      "A small IAM and STS on 127.0.0.1 that really check, for tests without an account.\n"
      "Prints one line of JSON when it is ready; ends on SIGTERM and SIGINT.",
      "aws-session-token-sandbox");
  Arguments arguments;
  bind(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ErrorKind::usage);
  }
  run(arguments);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run_command_line(argc, argv);
  } catch (const Error& error) {
    std::fprintf(stderr, "aws-session-token-sandbox: error: %s\n", error.what());
    for (const std::string& hint : error.hints()) {
      std::fprintf(stderr, "aws-session-token-sandbox: hint: %s\n", hint.c_str());
    }
    return static_cast<int>(error.kind());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "aws-session-token-sandbox: error: %s\n", error.what());
    return static_cast<int>(ErrorKind::failed);
  }
}
