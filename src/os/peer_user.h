#pragma once

#include <netinet/in.h>

namespace os {

// Whether the process at the other end of a TCP connection over loopback belongs to somebody else:
// neither to this process's user nor to root, who may do everything anyway. The kernel says whose
// a socket is in /proc/net; where that cannot be read, nobody is taken for somebody else.
bool is_other_user(const sockaddr_in& peer, const sockaddr_in& own);

}  // namespace os
