#pragma once

#include "os/interrupt.h"

#include <chrono>
#include <string>
#include <string_view>

namespace os {

class Browser {
 public:
  virtual ~Browser() = default;
  // Opens an HTML page that holds a secret: lays it into a file of `folder` (made where it is not
  // there) that only the user can read, gives the browser the file's name, and removes it when the
  // browser has had time to read it, or at a signal. Throws Error{failed} when there is no browser
  // or it fails, Interrupted.
  virtual void show(std::string_view page, const std::string& folder) = 0;
};

// How long the page stays: what opens it is often gone before the browser reads it, or stays as
// long as the browser.
struct BrowserPatience {
  std::chrono::milliseconds after_opener{10'000};
  std::chrono::milliseconds timeout{30'000};
};

// The first command of $BROWSER that can be started (commands are separated by colons, their words
// by blanks; the file is appended, or takes the place of a %s), else xdg-open. No shell reads them.
class SystemBrowser : public Browser {
 public:
  explicit SystemBrowser(const Interrupt& interrupt, BrowserPatience timeout = {})
      : interrupt_(interrupt), timeout_(timeout) {}
  void show(std::string_view page, const std::string& folder) override;

 private:
  void wait(int child);

  const Interrupt& interrupt_;
  BrowserPatience timeout_;
};

}  // namespace os
