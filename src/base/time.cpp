#include "base/time.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/core.h>

namespace base {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> weekdays = {"Sun", "Mon", "Tue", "Wed",
                                                      "Thu", "Fri", "Sat"};

struct Civil {
  year_month_day date;
  hh_mm_ss<seconds> time;
};

Civil civil(Time moment) {
  const auto day = floor<days>(moment);
  return {year_month_day{day}, hh_mm_ss{moment - day}};
}

// Reads numbers and fixed characters from the front of a text.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  int number(std::size_t digits) {
    int value = 0;
    if (rest_.size() < digits) return fail();
    for (std::size_t i = 0; i < digits; ++i) {
      if (!is_digit(rest_[i])) return fail();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }
  void expect(char c) {
    if (!accept(c)) fail();
  }
  bool accept(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string_view take(std::size_t count) {
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  // At least one digit; their value does not matter.
  void skip_digits() {
    number(1);
    while (!rest_.empty() && is_digit(rest_.front())) rest_.remove_prefix(1);
  }
  bool finished() const { return good_ && rest_.empty(); }

 private:
  int fail() {
    good_ = false;
    return 0;
  }
  std::string_view rest_;
  bool good_ = true;
};

struct Fields {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

// A leap second (:60) counts as the last second of its minute, since std::chrono has no such
// second.
std::optional<Time> moment(const Fields& f) {
  const year_month_day date{year{f.year}, month{static_cast<unsigned>(f.month)},
                            day{static_cast<unsigned>(f.day)}};
  if (!date.ok() || f.hour > 23 || f.minute > 59 || f.second > 60) return std::nullopt;
  return Time{sys_days{date}} + hours{f.hour} + minutes{f.minute} + seconds{std::min(f.second, 59)};
}

}  // namespace

std::string format_rfc3339(Time time) {
  const auto [date, clock] = civil(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string format_iso_basic(Time time) {
  const auto [date, clock] = civil(time);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string format_http_date(Time time) {
  const auto [date, clock] = civil(time);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     weekdays[weekday{sys_days{date}}.c_encoding()],
                     static_cast<unsigned>(date.day()),
                     months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::optional<Time> parse_rfc3339(std::string_view text) noexcept {
  Reader reader(text);
  Fields f;
  f.year = reader.number(4);
  reader.expect('-');
  f.month = reader.number(2);
  reader.expect('-');
  f.day = reader.number(2);
  if (!reader.accept('t')) reader.expect('T');
  f.hour = reader.number(2);
  reader.expect(':');
  f.minute = reader.number(2);
  reader.expect(':');
  f.second = reader.number(2);
  if (reader.accept('.')) reader.skip_digits();
  seconds offset{0};
  if (!reader.accept('Z') && !reader.accept('z')) {
    const bool east = reader.accept('+');
    if (!east) reader.expect('-');
    const int in_hours = reader.number(2);
    reader.expect(':');
    const int in_minutes = reader.number(2);
    if (in_hours > 23 || in_minutes > 59) return std::nullopt;
    offset = hours{in_hours} + minutes{in_minutes};
    if (!east) offset = -offset;
  }
  const auto local = moment(f);
  if (!reader.finished() || !local) return std::nullopt;
  return *local - offset;
}

std::optional<Time> parse_iso_basic(std::string_view text) noexcept {
  Reader reader(text);
  Fields f;
  f.year = reader.number(4);
  f.month = reader.number(2);
  f.day = reader.number(2);
  reader.expect('T');
  f.hour = reader.number(2);
  f.minute = reader.number(2);
  f.second = reader.number(2);
  reader.expect('Z');
  return reader.finished() ? moment(f) : std::nullopt;
}

std::optional<Time> parse_http_date(std::string_view text) noexcept {
  Reader reader(text);
  Fields f;
  reader.take(3);  // the day of the week, which follows from the date
  reader.expect(',');
  reader.expect(' ');
  f.day = reader.number(2);
  reader.expect(' ');
  const std::string_view name = reader.take(3);
  for (std::size_t i = 0; i < months.size(); ++i) {
    if (months[i] == name) f.month = static_cast<int>(i) + 1;
  }
  reader.expect(' ');
  f.year = reader.number(4);
  reader.expect(' ');
  f.hour = reader.number(2);
  reader.expect(':');
  f.minute = reader.number(2);
  reader.expect(':');
  f.second = reader.number(2);
  for (const char c : std::string_view(" GMT")) reader.expect(c);
  return reader.finished() ? moment(f) : std::nullopt;
}

std::optional<Seconds> parse_duration(std::string_view text) noexcept {
  if (text.empty()) return std::nullopt;
  long long total = 0;
  long long last_unit = 0;
  for (const char* at = text.data(); at != text.data() + text.size();) {
    const char* const end = text.data() + text.size();
    unsigned value = 0;
    const auto [after, error] = std::from_chars(at, end, value);
    if (error != std::errc{} || value > 10'000'000) return std::nullopt;
    if (after == end) {
      if (last_unit != 0) return std::nullopt;  // "1h30" does not say 30 of what
      return Seconds{value};
    }
    const long long unit = *after == 'h' ? 3600 : *after == 'm' ? 60 : *after == 's' ? 1 : 0;
    if (unit == 0 || (last_unit != 0 && unit >= last_unit)) return std::nullopt;
    total += static_cast<long long>(value) * unit;
    last_unit = unit;
    at = after + 1;
  }
  return Seconds{total};
}

std::string format_duration(Seconds duration) {
  const long long total = duration.count();
  if (total < 60) return fmt::format("{} s", total);
  const bool short_one = total < 3600;
  const long long large = short_one ? total / 60 : total / 3600;
  const long long small = short_one ? total % 60 : total / 60 % 60;
  const std::string text = fmt::format("{} {}", large, short_one ? "min" : "h");
  return small == 0 ? text : fmt::format("{} {} {}", text, small, short_one ? "s" : "min");
}

std::string format_clock_difference(Seconds difference) {
  const Seconds apart = std::chrono::abs(difference);
  if (apart < std::chrono::minutes{2}) return format_duration(apart);
  return format_duration(std::chrono::round<std::chrono::minutes>(apart));
}

}  // namespace base
