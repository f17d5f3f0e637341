#include "base/error.h"
#include "os/descriptor.h"
#include "os/process.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace os {
namespace {

using base::Error;
using base::ErrorKind;

[[noreturn]] void fail(const char* what) {
  throw Error(ErrorKind::failed, fmt::format("{}: {}", what, std::strerror(errno)));
}

class SidecarProcess : public Sidecar {
 public:
  SidecarProcess(const Interrupt& interrupt, Descriptor command, Descriptor report)
      : interrupt_(interrupt), command_(std::move(command)), report_(std::move(report)) {}

  void ready(const std::string& report) override {
    write_all(report_.get(), report);
    report_.reset();
  }
  bool wait(std::chrono::milliseconds timeout) override {
    std::array<pollfd, 2> waiting = {pollfd{command_.get(), POLLIN, 0},
                                     pollfd{interrupt_.descriptor(), POLLIN, 0}};
    poll(waiting.data(), waiting.size(), static_cast<int>(timeout.count()));
    return waiting[0].revents == 0 && waiting[1].revents == 0;
  }

 private:
  const Interrupt& interrupt_;
  Descriptor command_;  // readable once it has ended
  Descriptor report_;
};

// Leaves the terminal, so that Ctrl-C and Ctrl-Z do not reach this process, and closes what was
// passed to the command. Standard error stays open for what a person must know.
void leave_the_command(const std::vector<int>& inherited) {
  setsid();
  for (const int fd : inherited) close(fd);
  const Descriptor nothing(open("/dev/null", O_RDWR | O_CLOEXEC));
  dup2(nothing.get(), STDIN_FILENO);
  dup2(nothing.get(), STDOUT_FILENO);
}

[[noreturn]] void run(Sidecar& sidecar, const std::function<void(Sidecar&)>& work) {
  // Nothing may leave this function: main() must not go on in this process.
  try {
    work(sidecar);
    std::_Exit(0);
  } catch (const base::Interrupted&) {
    std::_Exit(base::Interrupted::exit_code);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "aws-session-token: error: %s\n", error.what());
    std::_Exit(1);
  }
}

std::string read_report(int pipe) {
  std::string report;
  std::array<char, 256> buffer = {};
  for (;;) {
    const ssize_t count = read(pipe, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return report;
    report.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

std::string SystemProcess::start_sidecar(const std::function<void(Sidecar&)>& work) {
  Descriptor ourselves(static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0)));
  if (!ourselves) fail("pidfd_open");
  std::array<int, 2> ends = {-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
  const Descriptor output(ends[0]);
  Descriptor input(ends[1]);
  // Forked twice, so that the command does not have a child that it did not start.
  const pid_t between = fork();
  if (between < 0) fail("fork");
  if (between == 0) {
    const pid_t child = fork();
    if (child != 0) std::_Exit(child < 0 ? 1 : 0);
    leave_the_command(inherited_);
    SidecarProcess sidecar(interrupt_, std::move(ourselves), std::move(input));
    run(sidecar, work);
  }
  while (waitpid(between, nullptr, 0) < 0 && errno == EINTR) {
  }
  input.reset();
  const std::string report = read_report(output.get());
  if (report.empty()) {
    throw Error(ErrorKind::failed, "the process beside the command could not be started");
  }
  return report;
}

}  // namespace os
