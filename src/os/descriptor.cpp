#include "os/descriptor.h"

#include <fcntl.h>

namespace os {

void hold_standard_descriptors() {
  for (int fd = 0; fd <= STDERR_FILENO; ++fd) {
    if (fcntl(fd, F_GETFD) >= 0) continue;
    // The lowest free number is given out, and that is `fd`. The wrong way round, so that using it
    // is an error still.
    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace os
