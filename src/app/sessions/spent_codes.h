#pragma once

#include "base/time.h"
#include "os/clock.h"
#include "os/files.h"
#include "os/random.h"

#include <string>

namespace app {

// The codes that were sent to AWS in the last minutes by any process of this user, for AWS accepts
// each only once. They are recorded as salted hashes in the state folder or, where that cannot be
// used, in a folder of the user's own in /dev/shm or /tmp; what is recorded in either counts. A
// hash of six digits hides nothing from anyone who tries them all, but a spent code is worthless.
class SpentCodes {
 public:
  // `state_folder` is empty where there is none.
  SpentCodes(os::Files& files, os::Random& random, os::Clock& clock, std::string state_folder)
      : files_(files), random_(random), clock_(clock), state_folder_(std::move(state_folder)) {}

  // Records the code; to be called just before it is sent. False when it was recorded already.
  // Throws Error{failed} when it can neither be recorded nor be known not to have been: it must
  // then not be sent. A code passes unrecorded only where there is no place for any record.
  bool enter(const std::string& serial_number, const std::string& token_code);
  // For a code of which no byte left this machine. Throws Error{failed}.
  void take_back(const std::string& serial_number, const std::string& token_code);

 private:
  bool record(const std::string& path, const std::string& device_and_code);
  bool is_recorded(const std::string& path, const std::string& device_and_code, bool& exists);
  bool is_locked(const std::string& path);

  os::Files& files_;
  os::Random& random_;
  os::Clock& clock_;
  std::string state_folder_;
};

// Until the device shows another code (RFC 6238, steps of 30 seconds).
base::Seconds until_next_code(base::Time now);

}  // namespace app
