#include "os/interrupt.h"

#include "base/error.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

namespace os {
namespace {

constexpr std::array signals = {SIGINT, SIGTERM, SIGHUP};

std::array<int, 2> pipe_ends = {-1, -1};
std::atomic<bool> signalled = false;

extern "C" void on_signal(int) {
  const int saved_errno = errno;
  signalled = true;
  // When the pipe is full, it is readable already.
  [[maybe_unused]] const ssize_t written = write(pipe_ends[1], "x", 1);
  errno = saved_errno;
}

}  // namespace

struct Interrupt::Saved {
  std::array<struct sigaction, signals.size()> actions;
  struct sigaction of_pipe;

  void restore() const {
    for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &actions[i], nullptr);
    sigaction(SIGPIPE, &of_pipe, nullptr);
  }
};

Interrupt::Interrupt() : saved_(nullptr) {
  if (pipe2(pipe_ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
    throw base::Error(base::ErrorKind::failed, "the system has no file descriptor left");
  }
  saved_ = new Saved;
  signalled = false;
  struct sigaction action = {};
  action.sa_handler = on_signal;  // without SA_RESTART, so that a waiting read() returns
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    sigaction(signals[i], nullptr, &saved_->actions[i]);
    // A signal that our parent had us ignore (nohup) stays ignored.
    if (saved_->actions[i].sa_handler != SIG_IGN) sigaction(signals[i], &action, nullptr);
  }
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, &saved_->of_pipe);
}

Interrupt::~Interrupt() {
  saved_->restore();
  delete saved_;
  for (int& end : pipe_ends) {
    close(end);
    end = -1;
  }
}

int Interrupt::descriptor() const { return pipe_ends[0]; }

bool Interrupt::pending() const { return signalled; }

void Interrupt::throw_if_pending() const {
  if (pending()) throw base::Interrupted{};
}

void Interrupt::restore_signals() const {
  // Blocked meanwhile, so that no signal comes between the check and the change.
  sigset_t ours;
  sigset_t before;
  sigemptyset(&ours);
  for (const int signal : signals) sigaddset(&ours, signal);
  pthread_sigmask(SIG_BLOCK, &ours, &before);
  const bool came = pending();
  if (!came) saved_->restore();
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (came) throw_if_pending();
}

}  // namespace os
