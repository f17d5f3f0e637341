#pragma once

#include "os/background.h"
#include "os/interrupt.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace os {

// The conversation with a person: prompts and answers, apart from stdout and stderr.
class Terminal {
 public:
  virtual ~Terminal() = default;
  // There is a person to ask.
  virtual bool is_interactive() const = 0;
  // Shown to a person only; nothing happens where the answers come from a pipe.
  virtual void show(std::string_view text) = 0;
  // Shows the prompt to a person and returns the line typed, without its end; reads a line of
  // standard input where that is no terminal. Nothing at the end of input. Throws
  // Interrupted, and Error{unanswered} when a person takes longer than `longest`, where that
  // is given.
  virtual std::optional<std::string> ask(std::string_view prompt,
                                         std::optional<std::chrono::milliseconds> timeout) = 0;
  virtual bool input_is_terminal() const = 0;  // standard input
  // A line of standard input, terminal or not: for what was asked to come from there.
  virtual std::optional<std::string> read_line() = 0;
};

// /dev/tty when standard input is a terminal (or that one, where /dev/tty cannot be opened), else
// standard input; or, with Answers::terminal, /dev/tty wherever standard input comes from, and no
// one where there is none, nor in the background of a shell, where asking would stop this process:
// whoever called it waits for an answer. The terminal's settings are never changed, so there is
// nothing to restore.
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
