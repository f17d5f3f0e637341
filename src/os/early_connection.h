#pragma once

#include "os/descriptor.h"

#include <memory>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <vector>

namespace os {

struct SocketAddress {
  sockaddr_storage bytes = {};
  socklen_t size = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&bytes); }
  std::string in_digits() const;
};

// The addresses of a host in the order in which they are to be tried (getaddrinfo); none where it
// cannot be found. The host is a name or an address (an IPv6 one without brackets), the port
// decimal.
using LookUp = std::vector<SocketAddress> (*)(const std::string& host, const std::string& port);
std::vector<SocketAddress> look_up(const std::string& host, const std::string& port);

// A TCP connection that a thread of its own makes, name look-up included: the one thing of a
// request that needs no library, and a round trip or more in which the caller loads the library
// that will speak on it. Destroyed before it ended, it is forgotten by the thread.
class EarlyConnection {
 public:
  EarlyConnection(const std::string& host, const std::string& port, LookUp look_up);

  // When the host is not found, the connection is there, or it is not after two seconds. How long
  // the look-up takes nobody knows.
  bool ended() const;
  int descriptor() const;  // readable when it ended; -1 when it had from the start

  struct Result {
    std::vector<SocketAddress> addresses;  // of the host; none: it was not found
    // Connected with one of them, non-blocking. None where it did not come about: who needs one
    // makes it himself, and learns the reason.
    Descriptor socket;
    SocketAddress peer;
  };
  // Once it ended, and only once; nothing where no thread could be had.
  std::optional<Result> take();

 private:
  struct Outcome;
  static void connect(const std::shared_ptr<Outcome>& outcome);
  std::shared_ptr<Outcome> outcome_;  // shared with the thread
};

}  // namespace os
