#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace base {

// A moment in UTC. A second is the precision of AWS's protocols.
using Time = std::chrono::sys_seconds;
using Seconds = std::chrono::seconds;

std::string format_rfc3339(Time time);    // 2026-11-22T18:20:00Z
std::string format_iso_basic(Time time);  // 20261122T182000Z, as SigV4 wants it
std::string format_http_date(Time time);  // Sun, 22 Nov 2026 18:20:00 GMT (RFC 9110, 5.6.7)

// RFC 3339 with a time zone; a fraction of a second is accepted and dropped.
std::optional<Time> parse_rfc3339(std::string_view text) noexcept;
std::optional<Time> parse_iso_basic(std::string_view text) noexcept;
// The preferred form of RFC 9110 only: the others are obsolete and AWS sends neither.
std::optional<Time> parse_http_date(std::string_view text) noexcept;

// "45m", "12h", "1h30m", "90s" or plain seconds.
std::optional<Seconds> parse_duration(std::string_view text) noexcept;
// For people: "45 s", "14 min 59 s", "1 h", "11 h 30 min". Exact below an hour; from an hour on
// rounded down to the minute, so that the time left is never overstated.
std::string format_duration(Seconds duration);
// For people: how far apart two clocks are. From two minutes on to the nearest minute, since the
// time that a request takes makes the seconds uncertain.
std::string format_clock_difference(Seconds difference);

}  // namespace base
