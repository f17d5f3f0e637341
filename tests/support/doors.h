#pragma once

#include "base/error.h"
#include "os/environment.h"
#include "os/file_probe.h"
#include "os/files.h"
#include "os/http.h"
#include "os/messages.h"
#include "os/process.h"
#include "os/terminal.h"
#include "sandbox/sandbox.h"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

// Doors that lead nowhere outside the test.
namespace support {

class FakeEnvironment : public os::Environment {
 public:
  std::map<std::string, std::string> variables;

  std::optional<std::string> get(const std::string& name) const override {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  }
  bool has(const std::string& name) const override { return get(name).has_value(); }
  base::Secret secret(const std::string& name) const override {
    return base::Secret(get(name).value_or(""));
  }
  std::string home() const override { return "/home/u"; }
  std::string working_folder() const override { return "/home/u/work"; }
  std::string program() const override { return program_path; }
  std::string program_path = "/usr/bin/aws-session-token";
};

// Files in memory. The call whose number is `failing` (from 1) fails.
class FakeFiles : public os::Files {
 public:
  std::map<std::string, std::string> contents;
  int calls = 0;
  int failing = 0;

  std::optional<base::WipedString> read(const std::string& path) override {
    count("read");
    if (path == unreadable) throw base::Error(base::ErrorKind::failed, "permission denied");
    const auto found = contents.find(path);
    return found == contents.end() ? std::nullopt : std::optional(base::WipedString(found->second));
  }
  os::UpdateReport update(const std::string& path, const Edit& edit) override {
    count("update");
    if (before_update) before_update(path);
    if (path == unreadable) throw base::Error(base::ErrorKind::failed, "permission denied");
    if (path == full) throw base::Error(base::ErrorKind::failed, "the disk is full");
    contents[path] = std::string(edit(base::WipedString(contents[path])));
    return {};
  }
  std::unique_ptr<Lock> lock(const std::string& path, std::chrono::milliseconds) override {
    locked.push_back(path);
    if (!before_lock) return std::make_unique<Lock>();
    return before_lock() ? std::make_unique<Lock>() : nullptr;
  }
  os::Writability outlook = os::Writability::free;
  std::string unwritable;  // a file that can be seen to be so
  os::Writability check_writable(const std::string& path) override {
    if (path == unwritable) {
      throw base::Error(base::ErrorKind::failed, "cannot write " + path, {"look at its mode"});
    }
    return outlook;
  }
  bool is_private_memory(const std::string&) override { return false; }
  std::string temporary_folder = "/dev/shm/aws-session-token-1000";
  std::string private_temporary_folder(bool make) override {
    const auto first = contents.lower_bound(temporary_folder + "/");
    const bool exists = first != contents.end() && first->first.starts_with(temporary_folder);
    return make || exists ? temporary_folder : "";
  }
  std::string unreadable;  // a file that cannot be read
  std::optional<std::string> private_folder_problem(const std::string&) override {
    return state_problem;
  }
  std::optional<std::string> state_problem;                    // why nothing may be kept
  std::string full;                                            // a file that cannot be written
  std::function<void(const std::string& path)> before_update;  // what another process does then
  std::vector<std::string> locked;
  std::function<bool()> before_lock;  // what another process does meanwhile; false: it keeps it

 private:
  void count(const char* what) {
    if (++calls == failing) {
      throw base::Error(base::ErrorKind::failed, std::string("the test fails this ") + what);
    }
  }
};

// At the files in memory, which are ours. The call whose number is `failing` (from 1) fails.
class FakeFileLook : public os::FileProbe {
 public:
  explicit FakeFileLook(const FakeFiles& files) : files_(files) {}
  std::map<std::string, os::FileStatus> facts;  // of those that are not as they should be
  int calls = 0;
  int failing = 0;

  std::optional<os::FileStatus> status(const std::string& path) override {
    if (++calls == failing) {
      throw base::Error(base::ErrorKind::failed, "the test fails this look");
    }
    if (const auto found = facts.find(path); found != facts.end()) return found->second;
    if (!files_.contents.contains(path)) return std::nullopt;
    return os::FileStatus{.mode = 0600, .is_file = true, .ours = true, .strays = {}};
  }

  std::vector<std::string> names_in(const std::string& folder) override {
    std::vector<std::string> names;
    for (const auto& [path, bytes] : files_.contents) {
      if (!path.starts_with(folder + "/")) continue;
      const std::string name = path.substr(folder.size() + 1);
      if (name.find('/') == std::string::npos) names.push_back(name);
    }
    return names;
  }

 private:
  const FakeFiles& files_;
};

// A person, or a pipe, with answers prepared. Everything shown is kept.
class FakeTerminal : public os::Terminal {
 public:
  bool person = true;
  std::deque<std::function<std::string()>> answers;
  std::string shown;
  std::optional<std::chrono::milliseconds> last_timeout;  // of the last question

  void will_answer(std::string text) {
    answers.push_back([text = std::move(text)] { return text; });
  }
  bool is_interactive() const override { return person; }
  void show(std::string_view text) override { shown += text; }
  std::optional<std::string> ask(std::string_view prompt,
                                 std::optional<std::chrono::milliseconds> timeout) override {
    last_timeout = timeout;
    show(prompt);
    return read_line();
  }
  bool input_is_terminal() const override { return person; }
  std::optional<std::string> read_line() override {
    if (answers.empty()) return std::nullopt;
    const std::string answer = answers.front()();
    answers.pop_front();
    shown += answer + "\n";
    return answer;
  }
};

// A shell that knows no command: it prints what the test says.
class FakeProcess : public os::Process {
 public:
  os::ProcessResult result;
  std::function<std::string()> output;  // in place of the result's, when set
  std::vector<std::string> commands;

  os::ProcessResult run_shell(const std::string& command,
                              const std::pair<std::string, std::string>&) override {
    commands.push_back(command);
    return {result.status, output ? base::WipedString(output()) : result.output};
  }
  void require_program(const std::string& name) override {
    if (missing_program == name) {
      throw base::Error(base::ErrorKind::not_found, "there is no command " + name);
    }
  }
  // Ours goes on, in a test.
  void exec(const os::Launch& launch) override { launches.push_back(launch); }
  std::string start_sidecar(const std::function<void(os::Sidecar&)>& work) override {
    beside = work;
    return "4711";
  }
  std::string missing_program;
  std::vector<os::Launch> launches;
  std::function<void(os::Sidecar&)> beside;
};

class FakeMessages : public os::Messages {
 public:
  std::vector<std::string> notes;
  std::vector<std::string> details;

  void note(std::string_view line) override { notes.emplace_back(line); }
  void detail(std::string_view line) override { details.emplace_back(line); }
  void progress(std::string_view line) override { progresses.emplace_back(line); }
  std::vector<std::string> progresses;
};

// The sandbox behind the HTTP door, without a socket. Requests are kept; the one whose number is
// `failing` (from 1) gets no answer: lost before it reaches the sandbox, or after.
class SandboxHttp : public os::HttpClient {
 public:
  enum class Loss { unsent, before, after };

  explicit SandboxHttp(sandbox::Sandbox& sandbox) : sandbox_(sandbox) {}

  std::vector<base::HttpRequest> requests;
  std::string ca_bundle;
  std::vector<std::string> warm_origins;
  int failing = 0;
  Loss loss = Loss::before;
  std::function<void(base::HttpResponse&)> tamper;  // with every answer, where set
  std::optional<base::Error> unusable;              // no request can be made at all

  void trust(const std::string& bundle) override { ca_bundle = bundle; }
  void keep_warm(const std::string& origin, int) override { warm_origins.push_back(origin); }
  void wait_some(std::chrono::milliseconds) override {
    if (unusable) throw *unusable;
  }
  // The answer is there at once; it counts as taken when it is waited for.
  std::unique_ptr<os::HttpExchange> start(const base::HttpRequest& request, os::Via) override {
    return std::make_unique<Answered>(answer(request));
  }

  struct Answered : os::HttpExchange {
    explicit Answered(os::HttpResult answer) : result(std::move(answer)) {}
    os::HttpResult wait() override { return std::move(result); }
    bool ended() override { return true; }
    std::chrono::milliseconds elapsed() const override { return {}; }
    os::HttpResult result;
  };

 private:
  os::HttpResult answer(const base::HttpRequest& request) {
    requests.push_back(request);
    const bool fails = static_cast<int>(requests.size()) == failing;
    if (fails && loss != Loss::after) return lost(loss == Loss::before);
    base::HttpRequest received = request;
    received.origin.clear();
    base::HttpResponse response = sandbox_.handle(received);
    if (fails || response.status == 0) return lost(true);
    if (tamper) tamper(response);
    return response;
  }

  static os::HttpFailure lost(bool body_sent) {
    return {"the connection broke", {"look at the network"}, body_sent};
  }

  sandbox::Sandbox& sandbox_;
};

}  // namespace support
