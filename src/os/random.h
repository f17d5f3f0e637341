#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace os {

class Random {
 public:
  virtual ~Random() = default;
  // Uniform in [0, bound); `bound` is at least 1.
  virtual std::uint32_t below(std::uint32_t bound) = 0;
};

// The system's cryptographic generator, through libsodium.
class SystemRandom : public Random {
 public:
  std::uint32_t below(std::uint32_t bound) override;
};

}  // namespace os
