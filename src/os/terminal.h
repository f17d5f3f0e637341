#pragma once

#include "os/background.h"
#include "os/interrupt.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace os {

// The dialog with a person: prompts and answers, separate from standard output and standard error.
class Terminal {
 public:
  virtual ~Terminal() = default;
  // Whether there is a person to ask.
  virtual bool is_interactive() const = 0;
  // Shows a text to a person. Does nothing where the answers come from a pipe.
  virtual void show(std::string_view text) = 0;
  // Shows the prompt to a person and returns the line that is typed, without its end. Where
  // standard input is not a terminal, a line of it is read instead. Nothing at the end of the
  // input. Throws Interrupted, and Error{unanswered} when a person takes longer than `timeout`.
  virtual std::optional<std::string> ask(std::string_view prompt,
                                         std::optional<std::chrono::milliseconds> timeout) = 0;
  virtual bool input_is_terminal() const = 0;  // standard input
  // A line of standard input, whether that is a terminal or not.
  virtual std::optional<std::string> read_line() = 0;
};

// Answers::input: /dev/tty when standard input is a terminal (or that terminal itself, where
// /dev/tty cannot be opened), else standard input. Answers::terminal: /dev/tty, wherever standard
// input comes from. In the second case there is nobody to ask where there is no terminal, and in
// the background of a shell, where asking would stop this process while its caller waits for a
// result. The settings of the terminal are never changed, so there is nothing to restore.
class SystemTerminal : public Terminal {
 public:
  enum class Answers { input, terminal };

  SystemTerminal(const Interrupt& interrupt, Background& background,
                 Answers answers = Answers::input);
  ~SystemTerminal() override;
  SystemTerminal(const SystemTerminal&) = delete;
  SystemTerminal& operator=(const SystemTerminal&) = delete;

  bool is_interactive() const override;
  void show(std::string_view text) override;
  std::optional<std::string> ask(std::string_view prompt,
                                 std::optional<std::chrono::milliseconds> timeout = {}) override;
  bool input_is_terminal() const override;
  std::optional<std::string> read_line() override;

 private:
  std::optional<std::string> read_line(int source,
                                       std::optional<std::chrono::milliseconds> timeout = {});
  [[noreturn]] void give_up(std::chrono::milliseconds timeout);

  const Interrupt& interrupt_;
  Background& background_;
  Answers answers_;
  int tty_ = -1;
};

}  // namespace os
