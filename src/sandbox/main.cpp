#include "base/command_line.h"
#include "base/error.h"
#include "base/text.h"
#include "os/http_server.h"
#include "sandbox/sandbox.h"
#include "sandbox/tls.h"
#include "sandbox/totp.h"
#include "version.h"

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
  bool help = false;
  bool version = false;
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

std::uint16_t parse_port(const std::string& text) {
  if (base::is_digits(text) && text.size() <= 5 && std::stoul(text) <= UINT16_MAX) {
    return static_cast<std::uint16_t>(std::stoul(text));
  }
  throw Error(ErrorKind::usage, "not a port: " + base::printable(text));
}

struct Option {
  std::string_view name;
  std::string_view placeholder;
  std::string_view help;  // a line break continues in the next line
  void (*set)(Arguments&, const std::string&);
};

constexpr Option options[] = {
    {"port", "N", "listen on this port (default: any that is free)",
     [](Arguments& a, const std::string& value) { a.port = parse_port(value); }},
    {"tls", "", "serve HTTPS; \"ca\" in the ready line names the CA's file",
     [](Arguments& a, const std::string&) { a.tls = true; }},
    {"world", "FILE", "users, roles and policies, in JSON",
     [](Arguments& a, const std::string& value) { a.world_file = value; }},
    {"region", "REGION", "the Region that STS answers for",
     [](Arguments& a, const std::string& value) { a.region = value; }},
    {"latency", "DURATION", "wait before every answer: 50ms",
     [](Arguments& a, const std::string& value) { a.latency = value; }},
    {"clock-skew", "DURATION", "shift the sandbox's clock: 10m or -10m",
     [](Arguments& a, const std::string& value) { a.clock_skew = value; }},
    {"fail", "FAULT",
     "OPERATION:CODE:COUNT: fail the next COUNT calls of\n"
     "OPERATION (* for all) with CODE: an AWS error code,\n"
     "an HTTP status, drop-before, drop-after or truncate;\n"
     "repeatable",
     [](Arguments& a, const std::string& value) { a.faults.push_back(value); }},
    {"max-role-session", "DURATION",
     "end sessions of AssumeRole after this, whatever was\n"
     "asked for: 20s",
     [](Arguments& a, const std::string& value) { a.max_role_session = value; }},
    {"max-mfa-session", "DURATION", "the same for sessions of GetSessionToken",
     [](Arguments& a, const std::string& value) { a.max_mfa_session = value; }},
    {"extra-fields", "", "answer with elements that no client knows",
     [](Arguments& a, const std::string&) { a.extra_fields = true; }},
    {"exit-with-parent", "", "exit when the parent process does",
     [](Arguments& a, const std::string&) { a.exit_with_parent = true; }},
    {"code", "SECRET",
     "print the current code of an MFA device's secret, by\n"
     "the sandbox's clock, and exit",
     [](Arguments& a, const std::string& value) { a.code_secret = value; }},
    {"help", "", "show this help", [](Arguments& a, const std::string&) { a.help = true; }},
    {"version", "", "show the version", [](Arguments& a, const std::string&) { a.version = true; }},
};

std::string help() {
  std::string text =
      "Usage: aws-session-token-sandbox [OPTION]...\n\n"
      "A small IAM and STS on 127.0.0.1 that really check, for tests without an account.\n"
      "Prints one line of JSON when it is ready; ends on SIGTERM and SIGINT.\n\n"
      "Options:\n";
  for (const Option& option : options) {
    std::string left = fmt::format("  --{} {}", option.name, option.placeholder);
    for (const std::string_view line : base::split(option.help, '\n')) {
      text += fmt::format("{:30}{}\n", left, line);
      left.clear();
    }
  }
  text.pop_back();  // print_line() ends the last one
  return text;
}

Arguments parse(std::span<const std::string> words) {
  using Problem = base::CommandLine::Problem;
  std::vector<base::OptionName> names;
  for (const Option& option : options) {
    names.push_back({option.name, option.name == "help" ? 'h' : '\0', !option.placeholder.empty()});
  }
  const base::CommandLine line = base::parse_command_line(words, names);
  const std::vector<std::string> hints = {"see aws-session-token-sandbox --help"};
  if (line.problem) {
    const char* const reason = *line.problem == Problem::missing_value ? "requires a value"
                               : *line.problem == Problem::unexpected_value
                                   ? "does not take a value"
                                   : "is not an option";
    throw Error(ErrorKind::usage, fmt::format("{} {}", base::printable(line.culprit), reason),
                hints);
  }
  if (!line.operands.empty() || !line.after_dashes.empty()) {
    throw Error(ErrorKind::usage, "there are no arguments besides options", hints);
  }
  Arguments arguments;
  for (const auto& given : line.options) options[given.index].set(arguments, given.value);
  return arguments;
}

void run(const Arguments& arguments) {
  if (arguments.help) return print_line(help());
  if (arguments.version) return print_line("aws-session-token-sandbox " AWSST_VERSION);
  if (arguments.code_secret.empty()) return serve(arguments);
  ServerClock clock;
  const base::Time now = clock.now() + parse_skew(arguments.clock_skew);
  print_line(sandbox::totp::code(arguments.code_secret, sandbox::totp::step_at(now)));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(parse(std::vector<std::string>(argv + 1, argv + argc)));
    return 0;
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
