#include "sandbox/totp.h"

#include "base/error.h"
#include "base/secret.h"

#include <array>
#include <cstdlib>
#include <liboath/oath.h>
#include <memory>

namespace sandbox::totp {
namespace {

constexpr unsigned step_seconds = 30;
constexpr unsigned digits = 6;

struct Key {
  char* bytes = nullptr;
  std::size_t size = 0;

  explicit Key(std::string_view secret) {
    if (oath_base32_decode(secret.data(), secret.size(), &bytes, &size) != OATH_OK || size == 0) {
      std::free(bytes);
      throw base::Error(base::ErrorKind::usage, "the secret is not base32");
    }
  }
  ~Key() {
    base::wipe(bytes, size);
    std::free(bytes);
  }
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
};

}  // namespace

std::uint64_t step_at(base::Time time) noexcept {
  return static_cast<std::uint64_t>(time.time_since_epoch().count()) / step_seconds;
}

std::string code(std::string_view secret, std::uint64_t step) {
  const Key key(secret);
  std::array<char, digits + 1> text{};
  // A time-based code is the counter-based one (RFC 4226) of its step.
  if (oath_hotp_generate(key.bytes, key.size, step, digits, false, OATH_HOTP_DYNAMIC_TRUNCATION,
                         text.data()) != OATH_OK) {
    throw base::Error(base::ErrorKind::failed, "the one-time code cannot be computed");
  }
  return text.data();
}

}  // namespace sandbox::totp
