#pragma once

#include <string_view>

namespace os {

// What the tool says beside its result, on standard error, a line each.
class Talk {
 public:
  virtual ~Talk() = default;
  virtual void note(std::string_view line) = 0;    // not with --quiet
  virtual void detail(std::string_view line) = 0;  // only with --verbose; never a secret
};

class StderrTalk : public Talk {
 public:
  StderrTalk(bool quiet, bool verbose) : quiet_(quiet), verbose_(verbose) {}
  void note(std::string_view line) override;
  void detail(std::string_view line) override;

 private:
  bool quiet_;
  bool verbose_;
};

}  // namespace os
