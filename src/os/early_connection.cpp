#include "os/early_connection.h"

#include <atomic>
#include <cerrno>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>

namespace os {
namespace {

// Only the first address is tried. Where the host has addresses of both kinds it is left after as
// long as libcurl gives the first kind before it tries the other (RFC 8305 says 250 ms).
constexpr std::chrono::milliseconds longest_beside_others{200};
constexpr std::chrono::milliseconds longest{2'000};

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Addresses look_up(const std::string& host, const std::string& port) {
  addrinfo wanted = {};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), port.c_str(), &wanted, &found) != 0) found = nullptr;
  return {found, freeaddrinfo};
}

bool of_both_kinds(const addrinfo& first) {
  for (const addrinfo* other = first.ai_next; other != nullptr; other = other->ai_next) {
    if (other->ai_family != first.ai_family) return true;
  }
  return false;
}

Descriptor connect_to(const addrinfo& address) {
  Descriptor socket(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return {};
  // A connection that is there at once is none for libcurl 7.88: it calls connect() once more on a
  // socket that it was told is connected, which is answered with success only this once.
  if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0) return {};
  if (errno != EINPROGRESS) return {};
  pollfd connected = {socket.get(), POLLOUT, 0};
  const auto patience = of_both_kinds(address) ? longest_beside_others : longest;
  if (poll(&connected, 1, static_cast<int>(patience.count())) != 1) return {};
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) return {};
  return socket;
}

std::string in_digits(const addrinfo& address) {
  char host[NI_MAXHOST] = {};
  getnameinfo(address.ai_addr, address.ai_addrlen, host, sizeof host, nullptr, 0, NI_NUMERICHOST);
  return host;
}

// The thread takes none of the process's signals: they are the main thread's.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

struct EarlyConnection::Outcome {
  std::string host;
  std::string port;
  Descriptor event;
  // The thread writes the connection before `ended`, and nothing after it.
  std::atomic<bool> ended = false;
  std::optional<Connected> connected;
};

EarlyConnection::EarlyConnection(const std::string& host, const std::string& port)
    : outcome_(std::make_shared<Outcome>()), give_up_(std::chrono::steady_clock::now() + longest) {
  outcome_->host = host;
  outcome_->port = port;
  outcome_->event = Descriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  const SignalsBlocked blocked;
  try {
    if (outcome_->event) {
      std::thread(connect, outcome_).detach();
      return;
    }
  } catch (const std::system_error&) {
    outcome_->event.reset();
  }
  outcome_->ended = true;  // without a thread to spare nothing is won, and nothing lost
}

void EarlyConnection::connect(const std::shared_ptr<Outcome>& outcome) {
  if (const Addresses addresses = look_up(outcome->host, outcome->port)) {
    if (Descriptor socket = connect_to(*addresses)) {
      outcome->connected = {std::move(socket), in_digits(*addresses)};
    }
  }
  outcome->ended = true;
  eventfd_write(outcome->event.get(), 1);
}

bool EarlyConnection::ended() const {
  return outcome_->ended || std::chrono::steady_clock::now() >= give_up_;
}

int EarlyConnection::descriptor() const { return outcome_->event.get(); }

std::optional<EarlyConnection::Connected> EarlyConnection::take() {
  if (!outcome_->ended) return std::nullopt;
  return std::exchange(outcome_->connected, std::nullopt);
}

}  // namespace os
