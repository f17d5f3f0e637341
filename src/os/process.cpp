#include "os/process.h"

#include "base/error.h"
#include "os/descriptor.h"
#include "os/open_descriptors.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace os {
namespace {

constexpr std::size_t max_output = std::size_t{64} * 1024;

[[noreturn]] void throw_cannot_start(int code) {
  throw base::Error(base::ErrorKind::failed,
                    fmt::format("the command cannot be started: {}", std::strerror(code)));
}

// A child that is not left behind: ended when what waits for it gives up.
class Child {
 public:
  Child(const std::string& command, int output) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    std::array<char*, 4> arguments = {const_cast<char*>("sh"), const_cast<char*>("-c"),
                                      const_cast<char*>(command.c_str()), nullptr};
    // What we ignore, the user's command need not.
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    const int error =
        posix_spawn(&pid_, "/bin/sh", &actions, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw_cannot_start(error);
  }
  ~Child() {
    if (pid_ <= 0) return;
    kill(pid_, SIGTERM);
    // One that does not heed it must not keep us from ending.
    for (int i = 0; i < 20 && waitpid(pid_, nullptr, WNOHANG) == 0; ++i) {
      poll(nullptr, 0, 50);
      if (i == 19) kill(pid_, SIGKILL);
    }
    wait();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  int wait() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t pid_ = -1;
};

}  // namespace

SystemProcess::SystemProcess(const Interrupt& interrupt)
    : interrupt_(interrupt), inherited_(open_descriptors()) {}

ProcessResult SystemProcess::run_shell(const std::string& command) {
  std::array<int, 2> ends = {-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw_cannot_start(errno);
  const Descriptor output(ends[0]);
  Descriptor input(ends[1]);
  Child child(command, input.get());
  input.reset();

  ProcessResult result;
  for (;;) {
    std::array<pollfd, 2> waiting = {pollfd{output.get(), POLLIN, 0},
                                     pollfd{interrupt_.descriptor(), POLLIN, 0}};
    poll(waiting.data(), waiting.size(), -1);
    interrupt_.throw_if_pending();
    if (waiting[0].revents == 0) continue;
    std::array<char, 4096> buffer = {};
    const ssize_t count = read(output.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    const std::size_t room = max_output - result.output.size();
    result.output.append(buffer.data(), std::min(room, static_cast<std::size_t>(count)));
    base::wipe(buffer.data(), buffer.size());
  }
  result.status = child.wait();
  return result;
}

}  // namespace os
