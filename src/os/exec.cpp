#include "base/error.h"
#include "os/core_dumps.h"
#include "os/descriptor.h"
#include "os/open_descriptors.h"
#include "os/process.h"
#include "os/tls_key_log.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/core.h>
#include <string_view>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace os {
namespace {

using base::Error;
using base::ErrorKind;
using base::WipedString;

Error cannot_run(const std::string& name, int code) {
  if (code == ENOENT || code == ENOTDIR) {
    return {ErrorKind::not_found,
            fmt::format("there is no command {}", name),
            {"check its spelling, and PATH"}};
  }
  return {ErrorKind::not_executable, fmt::format("cannot run {}: {}", name, std::strerror(code))};
}

// 0 where it can be run, else an error number.
int why_not_runnable(const std::string& path) {
  struct stat status = {};
  if (stat(path.c_str(), &status) != 0) return errno;
  if (S_ISDIR(status.st_mode)) return EISDIR;
  return access(path.c_str(), X_OK) == 0 ? 0 : errno;
}

[[noreturn]] void fail(const char* what) {
  throw Error(ErrorKind::failed, fmt::format("{}: {}", what, std::strerror(errno)));
}

// A file in memory that nobody can change. Its descriptor has a number that no script uses: shells
// let people write numbers up to 9, and keep files of their own just above that.
Descriptor memory_file(const WipedString& bytes) {
  constexpr int high = 100;
  Descriptor file(memfd_create("aws-session-token", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!file) fail("memfd_create");
  if (!write_all(file.get(), bytes)) fail("cannot write a file in memory");
  fchmod(file.get(), S_IRUSR);
  fcntl(file.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
  for (const int lowest : {high, 10, 3}) {  // lower where the limit on open files is very low
    if (Descriptor copy(fcntl(file.get(), F_DUPFD, lowest)); copy) return copy;
  }
  fail("the files in memory");
}

// The command's environment as `NAME=VALUE`.
std::vector<WipedString> environment_for(const Launch& launch) {
  std::vector<WipedString> result;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    const std::string name(text.substr(0, text.find('=')));
    if (!launch.variables.contains(name)) result.emplace_back(text);
  }
  for (const auto& [name, value] : launch.variables) {
    if (value) result.push_back(WipedString(name).append("=").append(*value));
  }
  if (const auto file = withheld_tls_key_log()) {
    result.push_back(WipedString("SSLKEYLOGFILE=").append(*file));
  }
  return result;
}

template <typename Text>
std::vector<char*> pointers(std::vector<Text>& texts) {
  std::vector<char*> result;
  for (Text& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

}  // namespace

void SystemProcess::require_program(const std::string& name) {
  if (name.find('/') != std::string::npos || name.empty()) {
    if (const int code = why_not_runnable(name); code != 0) throw cannot_run(name, code);
    return;
  }
  const char* const path = std::getenv("PATH");
  std::string_view folders = path != nullptr ? path : "/bin:/usr/bin";
  int code = ENOENT;
  for (bool last = false; !last;) {
    const std::size_t end = folders.find(':');
    last = end == std::string_view::npos;
    const std::string folder(folders.substr(0, end));
    const int found = why_not_runnable(folder.empty() ? name : folder + "/" + name);
    if (found == 0) return;
    if (found != ENOENT && found != ENOTDIR) code = found;
    if (!last) folders.remove_prefix(end + 1);
  }
  throw cannot_run(name, code);
}

void SystemProcess::exec(const Launch& launch) {
  Launch all = launch;
  std::vector<Descriptor> files;
  for (const auto& [variable, bytes] : launch.memory_files) {
    files.push_back(memory_file(bytes));
    // The path names the command's process id, which is ours, so that the programs that it starts
    // find the file too, as long as the command runs.
    all.variables[variable] =
        WipedString(fmt::format("/proc/{}/fd/{}", getpid(), files.back().get()));
  }
  // Libraries have opened descriptors that would stay open.
  for (const int fd : open_descriptors()) {
    const bool stays = std::count(inherited_.begin(), inherited_.end(), fd) > 0 ||
                       std::any_of(files.begin(), files.end(),
                                   [&](const Descriptor& file) { return file.get() == fd; });
    if (!stays) fcntl(fd, F_SETFD, FD_CLOEXEC);
  }
  std::vector<WipedString> variables = environment_for(all);
  const std::vector<char*> environment = pointers(variables);
  const std::vector<char*> arguments = pointers(all.command);
  interrupt_.restore_signals();
  restore_core_limit();
  execvpe(arguments.front(), arguments.data(), environment.data());
  throw cannot_run(all.command.front(), errno);
}

}  // namespace os
