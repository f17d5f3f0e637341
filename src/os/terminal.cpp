#include "os/terminal.h"

#include "base/error.h"
#include "base/time.h"
#include "os/descriptor.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/timerfd.h>
#include <termios.h>
#include <unistd.h>

namespace os {
namespace {

constexpr std::size_t max_answer = 4096;  // the longest line of a terminal

// Readable after that time. Without a time there is no descriptor, which poll() ignores.
Descriptor make_timer(const std::optional<std::chrono::milliseconds>& time) {
  if (!time) return {};
  Descriptor timer(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC));
  const auto left = std::max(*time, std::chrono::milliseconds{1});  // zero would disarm the timer
  itimerspec spec = {};
  spec.it_value.tv_sec = left.count() / 1000;
  spec.it_value.tv_nsec = left.count() % 1000 * 1'000'000;
  timerfd_settime(timer.get(), 0, &spec, nullptr);
  return timer;
}

}  // namespace

SystemTerminal::SystemTerminal(const Interrupt& interrupt, Background& background, Answers answers)
    : interrupt_(interrupt), background_(background), answers_(answers) {
  const bool input_is_terminal = isatty(STDIN_FILENO) == 1;
  if (!input_is_terminal && answers == Answers::input) return;
  tty_ = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  // A terminal that is not our controlling terminal (setsid, some containers) can be used all the
  // same.
  if (tty_ < 0 && input_is_terminal) tty_ = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
}

SystemTerminal::~SystemTerminal() {
  if (tty_ >= 0) close(tty_);
}

void SystemTerminal::show(std::string_view text) {
  while (tty_ >= 0 && !text.empty()) {
    const ssize_t written = write(tty_, text.data(), text.size());
    if (written < 0) {
      if (errno != EINTR) return;  // a terminal that has hung up is noticed when it is read
      interrupt_.throw_if_pending();
      continue;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

// A terminal that is not our controlling terminal has no foreground process group.
bool SystemTerminal::is_interactive() const {
  if (tty_ < 0) return false;
  if (answers_ == Answers::input) return true;
  const pid_t foreground = tcgetpgrp(tty_);
  return foreground < 0 || foreground == getpgrp();
}

std::optional<std::string> SystemTerminal::ask(std::string_view prompt,
                                               std::optional<std::chrono::milliseconds> timeout) {
  if (is_interactive()) {
    show(prompt);
    return read_line(tty_, timeout);
  }
  return answers_ == Answers::input ? read_line(STDIN_FILENO) : std::nullopt;
}

bool SystemTerminal::input_is_terminal() const { return isatty(STDIN_FILENO) == 1; }

std::optional<std::string> SystemTerminal::read_line() { return read_line(STDIN_FILENO); }

std::optional<std::string> SystemTerminal::read_line(
    int source, std::optional<std::chrono::milliseconds> timeout) {
  const Descriptor timer = make_timer(timeout);
  std::string answer;
  for (;;) {
    // A signal may come just before the wait; the descriptor of the Interrupt wakes us then.
    std::array<pollfd, 3> waiting = {pollfd{source, POLLIN, 0},
                                     pollfd{interrupt_.descriptor(), POLLIN, 0},
                                     pollfd{timer.get(), POLLIN, 0}};
    try {
      background_.wait(waiting);
      interrupt_.throw_if_pending();
    } catch (...) {
      tcflush(tty_, TCIFLUSH);
      show("\n");
      throw;
    }
    if (waiting[0].revents == 0) {
      if (waiting[2].revents != 0) give_up(*timeout);
      continue;
    }
    // Byte by byte, since what follows the line is not ours to read.
    char byte = 0;
    const ssize_t count = read(source, &byte, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      show("\n");
      return answer.empty() ? std::nullopt : std::optional(answer);
    }
    if (byte == '\n') break;
    if (answer.size() == max_answer) {
      throw base::Error(base::ErrorKind::usage, "the answer is longer than 4096 bytes");
    }
    answer += byte;
  }
  if (answer.ends_with('\r')) answer.pop_back();
  return answer;
}

// Discards what was typed: half a code must not become a command of the shell.
void SystemTerminal::give_up(std::chrono::milliseconds timeout) {
  tcflush(tty_, TCIFLUSH);
  show("\n");
  throw base::Error(base::ErrorKind::unanswered,
                    fmt::format("nobody answered within {}",
                                base::format_duration(std::chrono::ceil<base::Seconds>(timeout))));
}

}  // namespace os
