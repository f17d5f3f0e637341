#include "base/error.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/run.h"
#include "os/browser.h"
#include "os/core_dumps.h"
#include "os/descriptor.h"
#include "os/environment.h"
#include "os/files.h"
#include "os/http_curl.h"
#include "os/interrupt.h"
#include "os/process.h"
#include "os/random.h"
#include "os/system_clock.h"
#include "os/terminal.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

namespace {

int run(int argc, char** argv) {
  try {
    os::Interrupt interrupt;
    os::SystemEnvironment environment;
    os::SystemFiles files(interrupt);
    os::CurlHttpClient http(interrupt);
    os::SystemTerminal terminal(interrupt, http);
    os::SystemTerminal person(interrupt, http, os::SystemTerminal::Answers::terminal);
    os::SystemProcess process(interrupt);
    os::SystemClock clock(interrupt);
    os::SystemRandom random;
    os::SystemBrowser browser(interrupt);
    const cli::Doors doors{environment, files, http,   terminal, person,
                           process,     clock, random, browser};
    return cli::run_command(std::vector<std::string>(argv + 1, argv + argc), doors);
  } catch (const base::Interrupted&) {
    return base::Interrupted::exit_code;
  } catch (const base::Error& error) {
    return cli::print_error(error);
  } catch (const std::exception& error) {
    return cli::print_error({base::ErrorKind::failed,
                             error.what(),
                             {"this is a bug in aws-session-token; please report it"}});
  }
}
}  // namespace

int main(int argc, char** argv) {
  os::forbid_core_dumps();
  os::hold_standard_descriptors();
  const int status = run(argc, argv);
  // Without the exit handlers of the libraries that libcurl brings: piece by piece they give back
  // what the kernel takes back at once. What is ours is destroyed and wiped by now.
  std::fflush(nullptr);
  std::_Exit(status);
}
