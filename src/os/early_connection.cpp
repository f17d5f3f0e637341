#include "os/early_connection.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <span>
#include <sys/eventfd.h>
#include <system_error>
#include <thread>
#include <utility>

namespace os {
namespace {

// Of a host with addresses of both kinds the second is tried, too, after what libcurl gives the
// first (RFC 8305 says 250 ms).
constexpr std::chrono::milliseconds head_start{200};
constexpr std::chrono::milliseconds timeout{2'000};

struct Attempt {
  SocketAddress peer;
  Descriptor socket;
};

Attempt attempt(const SocketAddress& peer) {
  const int family = peer.get()->sa_family;
  Descriptor socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return {};
  // A connection that is there at once is none for libcurl 7.88: it calls connect() once more on a
  // socket that it was told is connected, which is answered with success only this once.
  if (::connect(socket.get(), peer.get(), peer.size) == 0 || errno != EINPROGRESS) return {};
  return {peer, std::move(socket)};
}

bool is_connected(const Descriptor& socket) {
  int error = 0;
  socklen_t size = sizeof error;
  return getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
}

// The first of the attempts that is through; those that failed are closed.
Attempt wait_for_one(std::span<Attempt> attempts, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    std::array<pollfd, 2> waiting = {};
    for (std::size_t i = 0; i < attempts.size(); ++i) {
      waiting[i] = {attempts[i].socket.get(), POLLOUT, 0};
    }
    const auto open = [](const Attempt& one) { return static_cast<bool>(one.socket); };
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0 || std::none_of(attempts.begin(), attempts.end(), open)) return {};
    poll(waiting.data(), attempts.size(), static_cast<int>(left.count()));
    for (std::size_t i = 0; i < attempts.size(); ++i) {
      if (waiting[i].revents == 0) continue;
      if (is_connected(attempts[i].socket)) return std::move(attempts[i]);
      attempts[i].socket.reset();
    }
  }
}

// To the first address, or to the first of the other kind.
Attempt connect_to(const std::vector<SocketAddress>& addresses) {
  std::array<Attempt, 2> attempts;
  attempts[0] = attempt(addresses.front());
  const auto other =
      std::find_if(addresses.begin(), addresses.end(), [&](const SocketAddress& address) {
        return address.get()->sa_family != addresses.front().get()->sa_family;
      });
  if (other == addresses.end()) return wait_for_one(std::span(attempts).first(1), timeout);
  Attempt first = wait_for_one(std::span(attempts).first(1), head_start);
  if (first.socket) return first;
  attempts[1] = attempt(*other);
  return wait_for_one(attempts, timeout - head_start);
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

std::string SocketAddress::in_digits() const {
  std::array<char, NI_MAXHOST> host = {};
  getnameinfo(get(), size, host.data(), host.size(), nullptr, 0, NI_NUMERICHOST);
  return host.data();
}

std::vector<SocketAddress> look_up(const std::string& host, const std::string& port) {
  addrinfo wanted = {};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), port.c_str(), &wanted, &found) != 0) return {};
  std::vector<SocketAddress> addresses;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    addresses.emplace_back().size = each->ai_addrlen;
    std::memcpy(&addresses.back().bytes, each->ai_addr, each->ai_addrlen);
  }
  freeaddrinfo(found);
  return addresses;
}

struct EarlyConnection::Outcome {
  std::string host;
  std::string port;
  LookUp look_up;
  Descriptor event;
  // The thread writes the result before `ended`, and nothing after it.
  std::atomic<bool> ended = false;
  std::optional<Result> result;
};

EarlyConnection::EarlyConnection(const std::string& host, const std::string& port, LookUp look_up)
    : outcome_(std::make_shared<Outcome>()) {
  outcome_->host = host;
  outcome_->port = port;
  outcome_->look_up = look_up;
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
  Result result;
  result.addresses = outcome->look_up(outcome->host, outcome->port);
  if (!result.addresses.empty()) {
    Attempt connected = connect_to(result.addresses);
    result.socket = std::move(connected.socket);
    result.peer = connected.peer;
  }
  outcome->result = std::move(result);
  outcome->ended = true;
  eventfd_write(outcome->event.get(), 1);
}

bool EarlyConnection::ended() const { return outcome_->ended; }

int EarlyConnection::descriptor() const { return outcome_->event.get(); }

std::optional<EarlyConnection::Result> EarlyConnection::take() {
  if (!ended()) return std::nullopt;
  return std::exchange(outcome_->result, std::nullopt);
}

}  // namespace os
