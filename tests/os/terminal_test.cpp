#include "os/terminal.h"

#include "os/descriptor.h"
#include "os/interrupt.h"
#include "support/child.h"
#include "support/error.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace os {
namespace {

using support::Child;
using support::error_of;
using support::in_child;

std::string text_of(const std::optional<std::string>& answer) {
  return answer ? "<" + *answer + ">" : "end of input";
}

// The person's side: what stands on the terminal, up to and with `end`.
std::string read_until(int terminal, std::string_view end) {
  std::string seen;
  char byte = 0;
  while (!seen.ends_with(end) && read(terminal, &byte, 1) == 1) seen += byte;
  return seen;
}

// Until the other side is gone; a pseudo terminal says that by EIO.
std::string read_rest(int terminal) { return read_until(terminal, "never\1"); }

void type(int terminal, std::string_view keys) {
  ASSERT_EQ(write(terminal, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
}

bool same_settings(const termios& a, const termios& b) {
  return a.c_iflag == b.c_iflag && a.c_oflag == b.c_oflag && a.c_cflag == b.c_cflag &&
         a.c_lflag == b.c_lflag && std::equal(std::begin(a.c_cc), std::end(a.c_cc), b.c_cc);
}

TEST(TerminalWithAPerson, PromptsOnTheTerminalAndGivesTheLine) {
  Child child(Child::OnTerminal{}, [] {
    const Interrupt interrupt;
    Background background;
    SystemTerminal terminal(interrupt, background);
    terminal.show("Hello\n");
    std::string result = terminal.is_interactive() ? "person: " : "nobody: ";
    result += text_of(terminal.ask("Username: "));
    return result + text_of(terminal.ask("Role [AdminRole]:"));
  });
  termios before = {};
  ASSERT_EQ(tcgetattr(child.terminal(), &before), 0);
  // Only what goes to /dev/tty is seen here: the child's standard output and error go nowhere.
  EXPECT_EQ(read_until(child.terminal(), ": "), "Hello\r\nUsername: ");
  type(child.terminal(), "jx\177smith\n");  // with a mistake put right
  read_until(child.terminal(), "]:");
  type(child.terminal(), "\n");
  read_rest(child.terminal());
  termios after = {};
  ASSERT_EQ(tcgetattr(child.terminal(), &after), 0);
  EXPECT_TRUE(same_settings(before, after));
  EXPECT_EQ(child.wait(), "person: <jsmith><>");
}

// As under setsid, and in containers whose terminal is not theirs.
TEST(TerminalWithAPerson, IsAskedOnATerminalThatControlsNobody) {
  Child child(Child::OnTerminal{}, [] {
    const Interrupt interrupt;  // whoever gives his terminal up is sent a SIGHUP
    const int tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
    signal(SIGHUP, SIG_IGN);
    if (ioctl(tty, TIOCNOTTY) != 0) return std::string("cannot give the terminal up");
    close(tty);
    Background background;
    SystemTerminal terminal(interrupt, background);
    return (terminal.is_interactive() ? "person: " : "nobody: ") +
           text_of(terminal.ask("Username: "));
  });
  EXPECT_EQ(read_until(child.terminal(), ": "), "Username: ");
  type(child.terminal(), "jsmith\n");
  EXPECT_EQ(child.wait(), "person: <jsmith>");
}

TEST(TerminalWithAPerson, CtrlCInterrupts) {
  Child child(Child::OnTerminal{}, [] {
    const Interrupt interrupt;
    Background background;
    SystemTerminal terminal(interrupt, background);
    return error_of([&] { terminal.ask("Code: "); });
  });
  EXPECT_EQ(read_until(child.terminal(), "Code: "), "Code: ");
  termios before = {};
  ASSERT_EQ(tcgetattr(child.terminal(), &before), 0);
  type(child.terminal(), "123\003");
  // A new line, for whatever the shell says next.
  EXPECT_TRUE(read_rest(child.terminal()).ends_with("^C\r\n"));
  termios after = {};
  ASSERT_EQ(tcgetattr(child.terminal(), &after), 0);
  EXPECT_TRUE(same_settings(before, after));
  EXPECT_EQ(child.wait(), "interrupted");
}

TEST(TerminalWithAPerson, AnErrorInTheBackgroundEndsTheQuestionAndTakesWhatWasTyped) {
  // Fails once something was typed, which shows before the line's end without line editing only.
  struct Failing : Background {
    void wait(std::span<pollfd> descriptors) override {
      termios settings = {};
      tcgetattr(descriptors[0].fd, &settings);
      settings.c_lflag &= ~static_cast<tcflag_t>(ICANON);
      tcsetattr(descriptors[0].fd, TCSANOW, &settings);
      Background::wait(descriptors);
      throw base::Error(base::ErrorKind::failed, "libcurl cannot be used");
    }
  };
  Child child(Child::OnTerminal{}, [] {
    const Interrupt interrupt;
    Failing background;
    SystemTerminal terminal(interrupt, background);
    const std::string error = error_of([&] { terminal.ask("Code: "); });
    int left = -1;
    ioctl(STDIN_FILENO, FIONREAD, &left);
    return error + ", left: " + std::to_string(left);
  });
  EXPECT_EQ(read_until(child.terminal(), "Code: "), "Code: ");
  type(child.terminal(), "123");
  EXPECT_TRUE(read_rest(child.terminal()).ends_with("\r\n"));
  EXPECT_EQ(child.wait(), "1 libcurl cannot be used, left: 0");
}

// Half a code stays for nobody.
TEST(TerminalWithAPerson, IsNotWaitedForLongerThanThereIsTime) {
  Child child(Child::OnTerminal{}, [] {
    const Interrupt interrupt;
    Background background;
    SystemTerminal terminal(interrupt, background);
    const std::string error =
        error_of([&] { terminal.ask("Code: ", std::chrono::milliseconds{300}); });
    int left = -1;
    ioctl(STDIN_FILENO, FIONREAD, &left);
    return error + ", left: " + std::to_string(left);
  });
  EXPECT_EQ(read_until(child.terminal(), "Code: "), "Code: ");
  termios before = {};
  ASSERT_EQ(tcgetattr(child.terminal(), &before), 0);
  type(child.terminal(), "123");
  EXPECT_EQ(read_rest(child.terminal()), "123\r\n");
  termios after = {};
  ASSERT_EQ(tcgetattr(child.terminal(), &after), 0);
  EXPECT_TRUE(same_settings(before, after));
  EXPECT_EQ(child.wait(), "4 nobody answered within 1 s, left: 0");
}

TEST(TerminalWithAPerson, InTheBackgroundIsNobodyToWhomAsksOnTheTerminalAlone) {
  Child child(Child::OnTerminal{}, [] {
    const Interrupt interrupt;
    Background background;
    std::string result;
    const auto look = [&] {
      const SystemTerminal input(interrupt, background);
      const SystemTerminal person(interrupt, background, SystemTerminal::Answers::terminal);
      result += input.is_interactive() ? "person " : "nobody ";
      result += person.is_interactive() ? "person " : "nobody ";
    };
    look();
    // Another group has the terminal now.
    const pid_t other = fork();
    if (other == 0) {
      setpgid(0, 0);
      pause();
    }
    setpgid(other, other);
    tcsetpgrp(STDIN_FILENO, other);
    look();
    kill(other, SIGKILL);
    return result;
  });
  EXPECT_EQ(child.wait(), "person person person nobody ");
}

TEST(TerminalWithAPerson, CtrlDIsTheEndOfInput) {
  Child child(Child::OnTerminal{}, [] {
    const Interrupt interrupt;
    Background background;
    SystemTerminal terminal(interrupt, background);
    return text_of(terminal.ask("Code: "));
  });
  read_until(child.terminal(), "Code: ");
  type(child.terminal(), "\004");
  EXPECT_EQ(read_rest(child.terminal()), "\r\n");
  EXPECT_EQ(child.wait(), "end of input");
}

TEST(TerminalWithAPerson, CtrlDTwiceEndsALine) {
  Child child(Child::OnTerminal{}, [] {
    const Interrupt interrupt;
    Background background;
    SystemTerminal terminal(interrupt, background);
    return text_of(terminal.ask("Code: "));
  });
  read_until(child.terminal(), "Code: ");
  type(child.terminal(), "123\004\004");
  EXPECT_EQ(read_rest(child.terminal()), "123\r\n");
  EXPECT_EQ(child.wait(), "<123>");
}

TEST(TerminalWithAPerson, InterruptThatCameBeforeTheQuestionCounts) {
  Child child(Child::OnTerminal{}, [] {
    const Interrupt interrupt;
    Background background;
    SystemTerminal terminal(interrupt, background);
    raise(SIGTERM);
    return error_of([&] { terminal.ask("Code: "); });
  });
  EXPECT_EQ(child.wait(), "interrupted");
}

TEST(TerminalWithAPerson, TerminalThatHungUpIsTheEndOfInput) {
  Child child(Child::OnTerminal{}, [] {
    signal(SIGHUP, SIG_IGN);
    const Interrupt interrupt;
    Background background;
    SystemTerminal terminal(interrupt, background);
    return text_of(terminal.ask("Code: "));
  });
  read_until(child.terminal(), "Code: ");
  child.hang_up();
  EXPECT_EQ(child.wait(), "end of input");
}

// In a child whose standard input is a pipe that holds `input`; the work gets the rest of it too.
std::string with_input(std::string_view input,
                       const std::function<std::string(SystemTerminal&)>& work) {
  return in_child([&] {
    std::array<int, 2> ends = {};
    EXPECT_EQ(pipe(ends.data()), 0);
    EXPECT_EQ(write(ends[1], input.data(), input.size()), static_cast<ssize_t>(input.size()));
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    const Interrupt interrupt;
    Background background;
    SystemTerminal terminal(interrupt, background);
    return work(terminal);
  });
}

std::string answers(std::string_view input, int count) {
  return with_input(input, [&](SystemTerminal& terminal) {
    std::string result;
    for (int i = 0; i < count; ++i) result += text_of(terminal.ask("Code: ")) + " ";
    return result;
  });
}

TEST(TerminalWithAPipe, GivesALineEach) {
  EXPECT_EQ(answers("jsmith\n\nAdmin Role \n123456\n", 5),
            "<jsmith> <> <Admin Role > <123456> end of input ");
}

TEST(TerminalWithAPipe, TakesEitherLineEnd) {
  EXPECT_EQ(answers("a\r\n\r\nb\rc\r\n", 4), "<a> <> <b\rc> end of input ");
}

TEST(TerminalWithAPipe, TakesALastLineWithoutAnEnd) {
  EXPECT_EQ(answers("a\n123456", 3), "<a> <123456> end of input ");
  EXPECT_EQ(answers("", 2), "end of input end of input ");
}

TEST(TerminalWithAPipe, LeavesWhatFollowsToTheNextReader) {
  EXPECT_EQ(with_input("123456\nfor the child\nall of it",
                       [](SystemTerminal& terminal) {
                         std::string result = text_of(terminal.ask("Code: ")) + " ";
                         std::array<char, 100> rest = {};
                         const ssize_t count = read(STDIN_FILENO, rest.data(), rest.size());
                         return result.append(rest.data(), static_cast<std::size_t>(count));
                       }),
            "<123456> for the child\nall of it");
}

TEST(TerminalWithAPipe, RefusesALineWithoutEnd) {
  EXPECT_EQ(answers(std::string(4096, 'x') + "\n", 1), "<" + std::string(4096, 'x') + "> ");
  EXPECT_EQ(with_input(
                std::string(4097, 'x'),
                [](SystemTerminal& terminal) { return error_of([&] { terminal.ask("Code: "); }); }),
            "2 the answer is longer than 4096 bytes");
}

TEST(TerminalWithAPipe, EndsAtAClosedStandardInput) {
  EXPECT_EQ(in_child([] {
              close(STDIN_FILENO);
              hold_standard_descriptors();
              const Interrupt interrupt;
              Background background;
              SystemTerminal terminal(interrupt, background);
              return text_of(terminal.ask("Code: "));
            }),
            "end of input");
}

// Even where there is a terminal to which the prompts could go.
TEST(TerminalWithAPipe, ShowsNoPrompts) {
  Child child(Child::OnTerminal{}, [] {
    return with_input("a\n", [](SystemTerminal& terminal) {
      terminal.show("Hello\n");
      return (terminal.is_interactive() ? "person: " : "nobody: ") +
             text_of(terminal.ask("Code: "));
    });
  });
  type(child.terminal(), "\004");  // an end for whoever asks there after all
  EXPECT_EQ(read_rest(child.terminal()), "");
  EXPECT_EQ(child.wait(), "nobody: <a>");
}

}  // namespace
}  // namespace os
