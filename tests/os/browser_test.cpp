#include "os/browser.h"

#include "support/child.h"
#include "support/error.h"
#include "support/scratch.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace os {
namespace {

using namespace std::chrono_literals;
using support::error_of;
using support::in_child;

std::string contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// A browser of a few shell lines; it gets the file's name as its last argument.
class Browsers : public ::testing::Test {
 protected:
  std::string write_browser(const std::string& name, const std::string& lines) {
    const std::string path = folder / name;
    std::ofstream(path) << "#!/bin/sh\n" << lines << "\n";
    chmod(path.c_str(), 0700);
    return path;
  }
  // What came of it, and that no page stays.
  std::string show(const std::string& browser, BrowserTimeouts timeout = {0ms, 3000ms}) {
    return in_child([&] {
      setenv("BROWSER", browser.c_str(), 1);
      const Interrupt interrupt;
      SystemBrowser system(interrupt, timeout);
      const std::string error = error_of([&] { system.show("<page>", pages()); });
      const bool left = std::filesystem::exists(pages());
      return error + (left ? ", and something is left" : "");
    });
  }
  std::string pages() const { return folder / "new/pages"; }

  support::ScratchFolder folder;
};

TEST_F(Browsers, GetThePageInAFileOfTheUsersOwn) {
  const std::string seen = folder / "seen";
  const std::string browser =
      write_browser("browser", "stat -c %a \"$1\" >" + seen + "; cat \"$1\" >>" + seen +
                                   "; echo \" $#\" >>" + seen);
  EXPECT_EQ(show(browser), "nothing was thrown");
  EXPECT_EQ(contents(seen), "600\n<page> 1\n");
}

TEST_F(Browsers, AreTriedInTheirOrderAndTheirWordsAreNoShells) {
  const std::string seen = folder / "seen";
  const std::string browser = write_browser("browser", "echo \"$1,$3\" >" + seen);
  EXPECT_EQ(show("/no/such:" + browser + "  $HOME;x %s --new"), "nothing was thrown");
  EXPECT_EQ(contents(seen), "$HOME;x,--new\n");
}

TEST_F(Browsers, GetNoSecretOfOurs) {
  const std::string seen = folder / "seen";
  setenv("AWS_SECRET_ACCESS_KEY", "a-secret", 1);
  EXPECT_EQ(show(write_browser("browser", "env | grep -c a-secret >" + seen + "; true")),
            "nothing was thrown");
  unsetenv("AWS_SECRET_ACCESS_KEY");
  EXPECT_EQ(contents(seen), "0\n");
}

TEST_F(Browsers, ThatFailAreTold) {
  EXPECT_EQ(show(write_browser("browser", "exit 3")),
            "1 the browser ended with exit code 3\nhint: print the URL instead, with --print");
  EXPECT_EQ(show("/no/such"),
            "1 there is no browser: neither $BROWSER nor xdg-open can be started\n"
            "hint: print the URL instead, with --print");
}

TEST_F(Browsers, ThatStayAreNotWaitedFor) {
  EXPECT_EQ(show(write_browser("browser", "exec sleep 5 >/dev/null 2>&1"), {0ms, 200ms}),
            "nothing was thrown");
}

TEST_F(Browsers, LeaveNoPageBehindAtASignal) {
  const std::string browser =
      write_browser("browser", "kill -TERM $PPID; exec sleep 5 >/dev/null 2>&1");
  EXPECT_EQ(show(browser), "interrupted");
}

}  // namespace
}  // namespace os
