#include "os/browser.h"

#include "base/error.h"
#include "base/text.h"
#include "os/descriptor.h"
#include "os/file_lock.h"
#include "os/io_error.h"
#include "os/spawn.h"
#include "os/time_limit.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/core.h>
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
    if (!write_all(file.get(), page)) {
      const int code = errno;
      unlink(path_.c_str());
      throw io_error("write", path_, code);
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

// Starts the first command that can be started. What browsers print is no result of ours.
pid_t start(const std::vector<std::vector<std::string>>& choices) {
  for (const auto& command : choices) {
    const pid_t child = spawn(command, {.output = STDERR_FILENO});
    if (child > 0) return child;
    if (errno == ENOENT || errno == EACCES) continue;
    throw Error(ErrorKind::failed,
                fmt::format("the browser cannot be started: {}", std::strerror(errno)),
                {without_browser});
  }
  throw Error(ErrorKind::failed,
              "there is no browser: neither $BROWSER nor xdg-open can be started",
              {without_browser});
}

}  // namespace

void SystemBrowser::show(std::string_view page, const std::string& folder) {
  const PrivatePage file(folder, page);
  wait(start(commands(file.path())));
}

// A browser that is still running at the end goes on without us, and without the page.
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
