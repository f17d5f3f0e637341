#include "os/random.h"

#include "base/secret.h"

#include <sodium.h>

namespace os {

std::uint32_t SystemRandom::below(std::uint32_t bound) {
  base::start_sodium();
  return randombytes_uniform(bound);
}

}  // namespace os
