#include "os/browser.h"

#include "base/error.h"
#include "base/text.h"
#include "os/descriptor.h"
#include "os/file_lock.h"
#include "os/io_error.h"
#include "os/time_limit.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/core.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace os {
namespace {

using base::Error;
using base::ErrorKind;

const char* const without_browser = "print the URL instead, with --print";

// A file with a secret in it, for as long as this object lives.
class PrivatePage {
 public:
  PrivatePage(const std::string& folder, std::string_view page)
      : path_(folder + "/sign-in-XXXXXX.html"), folders_(path_) {
    folders_.make();
    constexpr int suffix = 5;  // ".html", by which browsers know what it is
    const Descriptor file(mkostemps(path_.data(), suffix, O_CLOEXEC));  // 0600
    if (!file) throw io_error("make", path_, errno);
    while (!page.empty()) {
      const ssize_t written = write(file.get(), page.data(), page.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) {
        const int code = errno;
        unlink(path_.c_str());
        throw io_error("write", path_, code);
      }
      page.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  ~PrivatePage() { unlink(path_.c_str()); }
  PrivatePage(const PrivatePage&) = delete;
  PrivatePage& operator=(const PrivatePage&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
  Folders folders_;
};

std::vector<std::vector<std::string>> commands(const std::string& path) {
  const char* const chosen = std::getenv("BROWSER");
  const std::string_view list = chosen != nullptr && *chosen != '\0' ? chosen : "xdg-open";
  std::vector<std::vector<std::string>> result;
  for (const std::string_view command : base::split(list, ':')) {
    std::vector<std::string> words;
    bool placed = false;
    for (const std::string_view word : base::split(command, ' ')) {
      if (word.empty()) continue;
      placed = placed || word == "%s";
      words.emplace_back(word == "%s" ? std::string_view(path) : word);
    }
    if (words.empty()) continue;
    if (!placed) words.push_back(path);
    result.push_back(std::move(words));
  }
  return result;
}

// The child's number, or 0 where there is no such program. Its output is talk, not our result.
pid_t start(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);  // what we ignore, it need not
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  pid_t child = 0;
  const int error =
      posix_spawnp(&child, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0 && error != ENOENT && error != EACCES) {
    throw Error(ErrorKind::failed,
                fmt::format("the browser cannot be started: {}", std::strerror(error)),
                {without_browser});
  }
  return error == 0 ? child : 0;
}

}  // namespace

void SystemBrowser::show(std::string_view page, const std::string& folder) {
  const PrivatePage file(folder, page);
  for (const auto& words : commands(file.path())) {
    if (const pid_t child = start(words); child != 0) return wait(child);
  }
  throw Error(ErrorKind::failed,
              "there is no browser: neither $BROWSER nor xdg-open can be started",
              {without_browser});
}

// One that is still there at the end goes on without us, and without the page.
void SystemBrowser::wait(int child) {
  TimeLimit timeout(interrupt_, timeout_.timeout);
  int status = 0;
  pid_t ended = 0;
  while ((ended = waitpid(child, &status, WNOHANG)) == 0 && !timeout.over()) timeout.pause();
  if (ended != child) return;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw Error(ErrorKind::failed,
                fmt::format("the browser ended with exit code {}",
                            WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)),
                {without_browser});
  }
  TimeLimit reading(interrupt_, timeout_.after_opener);
  while (!reading.over()) reading.pause(std::chrono::milliseconds(100));
}

}  // namespace os
