#include "os/open_descriptors.h"

#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

namespace os {

std::vector<int> open_descriptors() {
  std::vector<int> result;
  DIR* const folder = opendir("/proc/self/fd");
  if (folder == nullptr) return result;
  while (const dirent* entry = readdir(folder)) {
    const int fd = std::atoi(entry->d_name);  // 0 for "." and ".."
    if (fd <= STDERR_FILENO) continue;
    const int flags = fcntl(fd, F_GETFD);
    if (flags >= 0 && (flags & FD_CLOEXEC) == 0) result.push_back(fd);
  }
  closedir(folder);
  return result;
}

}  // namespace os
