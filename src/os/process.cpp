#include "os/process.h"

#include "base/error.h"
#include "base/time.h"
#include "os/descendants.h"
#include "os/descriptor.h"
#include "os/open_descriptors.h"
#include "os/spawn.h"

#include <array>
#include <cerrno>
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
using Clock = std::chrono::steady_clock;

constexpr std::size_t max_output = std::size_t{64} * 1024;

[[noreturn]] void throw_cannot_start(int code) {
  throw Error(ErrorKind::failed,
              fmt::format("the command cannot be started: {}", std::strerror(code)));
}

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Appends what can be read. False at the end.
bool read_some(int source, base::WipedString& output) {
  std::array<char, 4096> buffer = {};
  const ssize_t count = read(source, buffer.data(), buffer.size());
  if (count < 0 && errno == EINTR) return true;
  if (count <= 0) return false;
  output.append(buffer.data(), static_cast<std::size_t>(count));
  base::wipe(buffer.data(), buffer.size());
  if (output.size() > max_output) {
    throw Error(ErrorKind::failed, "the command printed more than 64 KiB",
                {"it must print the answer and nothing else"});
  }
  return true;
}

}  // namespace

SystemProcess::SystemProcess(const Interrupt& interrupt, std::chrono::milliseconds shell_timeout)
    : interrupt_(interrupt), shell_timeout_(shell_timeout), inherited_(open_descriptors()) {}

ProcessResult SystemProcess::run_shell(const std::string& command,
                                       const std::pair<std::string, std::string>& variable) {
  std::array<int, 2> ends = {-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw_cannot_start(errno);
  Descriptor output(ends[0]);
  Descriptor input(ends[1]);
  const Descendants descendants;  // ended however this function is left
  SpawnStreams given = {.no_input = true, .output = input.get()};
  if (!variable.first.empty()) given.variables = {variable.first + "=" + variable.second};
  const pid_t shell = spawn({"/bin/sh", "-c", command}, given);
  if (shell < 0) throw_cannot_start(errno);
  input.reset();

  // The shell's end is what counts: something that it started may keep the pipe open.
  const Descriptor ended(static_cast<int>(syscall(SYS_pidfd_open, shell, 0)));
  if (!ended) throw_cannot_start(errno);
  const auto deadline = Clock::now() + shell_timeout_;
  ProcessResult result;
  for (;;) {
    std::array<pollfd, 3> waiting = {pollfd{output.get(), POLLIN, 0},
                                     pollfd{ended.get(), POLLIN, 0},
                                     pollfd{interrupt_.descriptor(), POLLIN, 0}};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) {
      throw Error(
          ErrorKind::failed,
          fmt::format("the command did not end within {}",
                      base::format_duration(std::chrono::ceil<base::Seconds>(shell_timeout_))));
    }
    poll(waiting.data(), waiting.size(), static_cast<int>(left.count()));
    interrupt_.throw_if_pending();
    if (waiting[0].revents != 0) {
      if (!read_some(output.get(), result.output)) output.reset();
    } else if (waiting[1].revents != 0) {
      break;
    }
  }
  result.status = wait_for(shell);
  return result;
}

}  // namespace os
