#pragma once

#include "base/time.h"
#include "os/files.h"
#include "os/random.h"

#include <string>

namespace app {

// The codes that were given to AWS in the last minutes, by any process of this user: AWS takes each
// once. Kept as salted hashes in a file of our state folder. A hash of six digits hides nothing
// from whoever tries them all; but a spent code is worth nothing either.
class SpentCodes {
 public:
  SpentCodes(os::Files& files, os::Random& random, const std::string& folder)
      : files_(files), random_(random), path_(folder + "/spent-codes") {}

  // Enters the code, to be called just before it is sent. False when it stands there already.
  bool enter(const std::string& serial_number, const std::string& token_code, base::Time now);
  // For a code of which no byte left this machine.
  void take_back(const std::string& serial_number, const std::string& token_code, base::Time now);

 private:
  os::Files& files_;
  os::Random& random_;
  std::string path_;
};

// Until the device shows another code (RFC 6238, steps of 30 seconds).
base::Seconds until_next_code(base::Time now);

}  // namespace app
