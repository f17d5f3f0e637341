#include "os/terminal.h"

#include "base/error.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace os {
namespace {

constexpr std::size_t longest_answer = 4096;  // what a terminal hands over as one line

}  // namespace

SystemTerminal::SystemTerminal(const Interrupt& interrupt, Background& background, Answers answers)
    : interrupt_(interrupt), background_(background), answers_(answers) {
  const bool input_is_terminal = isatty(STDIN_FILENO) == 1;
  if (!input_is_terminal && answers == Answers::input) return;
  tty_ = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  // A terminal that controls nobody (setsid, some containers) is one to ask on all the same.
  if (tty_ < 0 && input_is_terminal) tty_ = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
}

SystemTerminal::~SystemTerminal() {
  if (tty_ >= 0) close(tty_);
}

void SystemTerminal::show(std::string_view text) {
  while (is_person() && !text.empty()) {
    const ssize_t written = write(tty_, text.data(), text.size());
    if (written < 0) {
      if (errno != EINTR) return;  // a terminal that hung up is noticed when it is read
      interrupt_.throw_if_pending();
      continue;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::optional<std::string> SystemTerminal::ask(std::string_view prompt) {
  if (is_person()) {
    show(prompt);
    return read_line(tty_);
  }
  return answers_ == Answers::input ? read_line(STDIN_FILENO) : std::nullopt;
}

std::optional<std::string> SystemTerminal::read_line() { return read_line(STDIN_FILENO); }

std::optional<std::string> SystemTerminal::read_line(int source) {
  std::string answer;
  for (;;) {
    // The signal may come before the read: then the pipe of the Interrupt is what wakes us.
    std::array<pollfd, 2> waiting = {pollfd{source, POLLIN, 0},
                                     pollfd{interrupt_.descriptor(), POLLIN, 0}};
    background_.wait(waiting);
    if (interrupt_.pending()) show("\n");
    interrupt_.throw_if_pending();
    if (waiting[0].revents == 0) continue;
    // Byte by byte: what follows the line is somebody else's.
    char byte = 0;
    const ssize_t count = read(source, &byte, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      show("\n");
      return answer.empty() ? std::nullopt : std::optional(answer);
    }
    if (byte == '\n') break;
    if (answer.size() == longest_answer) {
      throw base::Error(base::ErrorKind::usage, "the answer is longer than 4096 bytes");
    }
    answer += byte;
  }
  if (answer.ends_with('\r')) answer.pop_back();
  return answer;
}

}  // namespace os
