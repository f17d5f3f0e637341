#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace base {

// A moment in UTC, to the second: all that AWS's protocols carry.
using Time = std::chrono::sys_seconds;
using Seconds = std::chrono::seconds;

std::string format_rfc3339(Time time);    // 2026-11-22T18:20:00Z
std::string format_iso_basic(Time time);  // 20261122T182000Z, as SigV4 wants it
std::string format_http_date(Time time);  // Sun, 22 Nov 2026 18:20:00 GMT (RFC 9110, 5.6.7)

// RFC 3339 with a zone; a fraction of a second is accepted and dropped.
std::optional<Time> parse_rfc3339(std::string_view text) noexcept;
std::optional<Time> parse_iso_basic(std::string_view text) noexcept;
// The fixed form of RFC 9110 only: the others are obsolete and AWS sends none of them.
std::optional<Time> parse_http_date(std::string_view text) noexcept;

// "45m", "12h", "1h30m", "90s" or plain seconds; nothing when it is none of these.
std::optional<Seconds> parse_duration(std::string_view text) noexcept;
// For people: "45 s", "14 min 59 s", "1 h", "11 h 30 min". Exact below an hour, above it rounded
// down to the minute: what is left is never overstated.
std::string format_duration(Seconds duration);
// How far two clocks are apart, which a request's journey makes a second more or less: from two
// minutes on to the nearest minute.
std::string format_clock_difference(Seconds difference);

}  // namespace base
