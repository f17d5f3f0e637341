#pragma once

#include "base/text.h"

#include <string>
#include <string_view>

namespace os {

// What the tool prints besides its result: lines on standard error.
class Messages {
 public:
  virtual ~Messages() = default;
  virtual void note(std::string_view line) = 0;    // not with --quiet
  virtual void detail(std::string_view line) = 0;  // only with --verbose; never a secret
  // The progress of a longer task. Each line replaces the one before; an empty one, or any other
  // message, removes the last. Shown on a terminal only.
  virtual void progress(std::string_view line) = 0;
};

// For those that another run has said or will say.
class NoMessages : public Messages {
 public:
  void note(std::string_view) override {}
  void detail(std::string_view) override {}
  void progress(std::string_view) override {}
};

class StderrMessages : public Messages {
 public:
  // `shown` makes each line fit to be seen, wherever its parts come from.
  using Shown = std::string (*)(std::string_view line);
  StderrMessages(bool quiet, bool verbose, Shown shown = base::printable)
      : quiet_(quiet), verbose_(verbose), shown_(shown) {}
  ~StderrMessages() override { progress({}); }
  void note(std::string_view line) override;
  void detail(std::string_view line) override;
  void progress(std::string_view line) override;

 private:
  bool quiet_;
  bool verbose_;
  Shown shown_;
  bool in_progress_ = false;
};

}  // namespace os
