#include "os/locale.h"

#include "support/child.h"

#include <cstdlib>
#include <ctime>
#include <gtest/gtest.h>

namespace os {
namespace {

const base::Time evening = *base::parse_rfc3339("2026-11-22T22:20:59Z");

// In a process of its own: the zone is the process's.
std::string in_zone(const char* zone, const std::function<std::string()>& action) {
  return support::in_child([&] {
    setenv("TZ", zone, 1);
    tzset();
    return action();
  });
}

TEST(LocalTime, HasTheDateAndTheZone) {
  const auto shown = [] { return local_time(evening); };
  EXPECT_EQ(in_zone("UTC0", shown), "2026-11-22 22:20 UTC");
  EXPECT_EQ(in_zone("CET-1", shown), "2026-11-22 23:20 CET");
  EXPECT_EQ(in_zone("<+0530>-5:30", shown), "2026-11-23 03:50 +0530");
  EXPECT_EQ(
      in_zone("PST8PDT", [] { return local_time(*base::parse_rfc3339("2026-07-01T00:00:00Z")); }),
      "2026-06-30 17:00 PDT");
}

TEST(LocalTime, LeavesTheDateOfTodayOut) {
  const base::Time later = evening + base::Seconds{3600};
  const auto shown = [&] { return local_time_near(later, evening); };
  EXPECT_EQ(in_zone("UTC0", shown), "23:20 UTC");
  EXPECT_EQ(in_zone("CET-1", shown), "2026-11-23 00:20 CET");  // it is tomorrow there
}

TEST(Locale, IsUtf8WhereItSaysSo) {
  const auto with = [](const char* name) {
    return support::in_child([&] {
      setenv("LC_ALL", name, 1);
      return std::string(is_utf8_locale() ? "yes" : "no");
    });
  };
  EXPECT_EQ(with("C.UTF-8"), "yes");
  EXPECT_EQ(with("C"), "no");
  EXPECT_EQ(with("xx_XX.UTF-8"), "no");  // not installed: what the C library falls back to
}

}  // namespace
}  // namespace os
