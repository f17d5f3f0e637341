#include "os/peer_user.h"

#include "base/error.h"
#include "base/secret.h"
#include "os/descriptor.h"
#include "os/snapshot.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <unistd.h>

namespace os {
namespace {

// As the table has it: the address in the machine's byte order, the port as a number.
std::string as_in_table(const sockaddr_in& address) {
  return fmt::format("{:08X}:{:04X}", address.sin_addr.s_addr, ntohs(address.sin_port));
}

// The owner of the socket between the two, from a table of /proc/net. An IPv6 socket has the same
// address with more digits before it.
std::optional<uid_t> owner_in(std::string_view table, const std::string& local,
                              const std::string& remote) {
  std::istringstream lines{std::string(table)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string number, from, to, state, queues, timer, retransmits;
    uid_t owner = 0;
    fields >> number >> from >> to >> state >> queues >> timer >> retransmits >> owner;
    if (fields && from.ends_with(local) && to.ends_with(remote)) return owner;
  }
  return std::nullopt;
}

std::optional<base::WipedString> read_table(const char* path) {
  const Descriptor file(open(path, O_RDONLY | O_CLOEXEC));
  if (!file) return std::nullopt;
  try {
    return read_all(file.get(), 0, path);
  } catch (const base::Error&) {
    return std::nullopt;
  }
}

}  // namespace

bool is_other_user(const sockaddr_in& peer, const sockaddr_in& own) {
  bool any_table = false;
  // While connections come and go, one reading of the table can pass a line over.
  for (int i = 0; i < 3; ++i) {
    for (const char* path : {"/proc/net/tcp", "/proc/net/tcp6"}) {
      const auto table = read_table(path);
      if (!table) continue;
      any_table = true;
      const auto owner = owner_in(*table, as_in_table(peer), as_in_table(own));
      if (owner) return *owner != geteuid() && *owner != 0;
    }
  }
  return any_table;  // whoever is in no table has gone again
}

}  // namespace os
