#pragma once

#include "base/time.h"

#include <string>

namespace os {

// As people read it where they are: "2026-11-22 19:20 CET"; the time zone is TZ's, or the system's.
std::string local_time(base::Time time);
// As local_time(), without the date where that is the date of `now` as well.
std::string local_time_near(base::Time time, base::Time now);

// Whether the user's locale writes UTF-8, so that a terminal shows more than ASCII.
bool is_utf8_locale();

}  // namespace os
