#include "os/tls_key_log.h"

#include <cstdlib>

namespace os {
namespace {

constexpr const char* variable = "SSLKEYLOGFILE";
std::optional<std::string> withheld;

}  // namespace

void withhold_tls_key_log() {
  if (const char* const value = std::getenv(variable)) withheld = value;
  unsetenv(variable);
}

std::optional<std::string> withheld_tls_key_log() { return withheld; }

}  // namespace os
