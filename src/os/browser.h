#pragma once

#include "os/interrupt.h"

#include <chrono>
#include <string>
#include <string_view>

namespace os {

class Browser {
 public:
  virtual ~Browser() = default;
  // Opens an HTML page that contains a secret: writes it to a file in `folder`, which is made if
  // needed, that only the user can read; passes the name of the file to the browser; and removes
  // the file when the browser has had time to read it, or at a signal. Throws Error{failed} when
  // there is no browser or it fails, and Interrupted.
  virtual void show(std::string_view page, const std::string& folder) = 0;
};

// How long the page stays. The command that opens it often ends before the browser has read the
// page, or else runs as long as the browser.
struct BrowserTimeouts {
  std::chrono::milliseconds after_opener{10'000};
  std::chrono::milliseconds timeout{30'000};
};

// Runs the first command of $BROWSER that can be started, else xdg-open. Commands are separated by
// colons and their words by spaces; the name of the file replaces %s, or is appended. They are not
// run by a shell.
class SystemBrowser : public Browser {
 public:
  explicit SystemBrowser(const Interrupt& interrupt, BrowserTimeouts timeout = {})
      : interrupt_(interrupt), timeout_(timeout) {}
  void show(std::string_view page, const std::string& folder) override;

 private:
  void wait(int child);

  const Interrupt& interrupt_;
  BrowserTimeouts timeout_;
};

}  // namespace os
