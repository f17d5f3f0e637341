#include "os/locale.h"

#include <array>
#include <clocale>
#include <cstring>
#include <ctime>
#include <langinfo.h>

namespace os {
namespace {

std::string formatted(base::Time time, const char* format) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts = {};
  if (localtime_r(&seconds, &parts) == nullptr) return base::format_rfc3339(time);
  std::array<char, 64> text = {};
  return {text.data(), std::strftime(text.data(), text.size(), format, &parts)};
}

}  // namespace

std::string local_time(base::Time time) { return formatted(time, "%Y-%m-%d %H:%M %Z"); }

std::string local_time_near(base::Time time, base::Time now) {
  const bool same_day = formatted(time, "%F") == formatted(now, "%F");
  return same_day ? formatted(time, "%H:%M %Z") : local_time(time);
}

bool is_utf8_locale() {
  // Not setlocale(3): numbers and messages stay as they are, whatever the locale.
  const locale_t locale = newlocale(LC_CTYPE_MASK, "", nullptr);
  if (locale == nullptr) return false;  // named, and not installed
  const bool is_utf8 = std::strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
  freelocale(locale);
  return is_utf8;
}

}  // namespace os
