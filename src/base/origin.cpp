#include "base/origin.h"

#include "base/text.h"

#include <algorithm>
#include <charconv>

namespace base {
namespace {

bool is_octet(std::string_view text) {
  int value = 256;
  if (!is_digits(text) || (text.size() > 1 && text.front() == '0')) return false;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value <= 255;
}

}  // namespace

Origin::Origin(std::string_view url) {
  if (const std::size_t end = url.find("://"); end != std::string_view::npos) {
    scheme = to_lower(url.substr(0, end));
    url.remove_prefix(end + 3);
  }
  const std::size_t colon = url.find(':', url.starts_with('[') ? url.find(']') : 0);
  host = to_lower(url.substr(0, colon));
  has_port = colon != std::string_view::npos;
  if (has_port) port = url.substr(colon + 1);
}

bool Origin::is_loopback() const {
  if (host == "localhost" || host == "[::1]") return true;
  const auto parts = split(host, '.');
  return parts.size() == 4 && parts[0] == "127" &&
         std::all_of(parts.begin(), parts.end(), is_octet);
}

}  // namespace base
