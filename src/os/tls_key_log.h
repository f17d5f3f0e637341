#pragma once

#include <optional>
#include <string>

namespace os {

// SSLKEYLOGFILE makes TLS libraries write the keys of every connection to a file, by which whoever
// records the network can read session tokens. It is for the user's programs and not for this one:
// it is removed from the environment before a TLS library is loaded, and exec() gives it back.
void withhold_tls_key_log();
std::optional<std::string> withheld_tls_key_log();

}  // namespace os
