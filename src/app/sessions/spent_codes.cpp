#include "app/sessions/spent_codes.h"

#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/core.h>
#include <optional>
#include <sodium.h>
#include <vector>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

// AWS tolerates a device's clock that is a step or two off; after this time a code is refused for
// its age anyway.
constexpr long long max_age = 180;
constexpr base::Seconds step{30};
constexpr std::size_t salt_size = 32;

// A moment by both clocks of this machine, in seconds. An entry is old when both say so. The system
// clock may be set, and another process may have read it before it was; the monotonic clock never
// goes back, but starts anew with the machine. So neither a jump of the one nor a reboot forgets a
// code too early, and an entry from the future is kept until its time has come.
struct Moment {
  long long system = 0;
  long long monotonic = 0;

  bool is_old(const Moment& now) const {
    return now.system - system >= max_age && now.monotonic - monotonic >= max_age;
  }
};

struct Entry {
  Moment moment;
  std::string hash;
};

// The number in front, which is taken off together with the blank behind it.
std::optional<long long> take_number(std::string_view& line) {
  long long number = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
  const auto length = static_cast<std::size_t>(end - line.data());
  if (error != std::errc() || length >= line.size() || line[length] != ' ') return std::nullopt;
  line.remove_prefix(length + 1);
  return number;
}

// The file: the salt on the first line, then "SYSTEM MONOTONIC HASH" for each code. Other lines,
// which nobody but this program writes, are left out.
struct Ledger {
  std::string salt;
  std::vector<Entry> entries;

  Ledger(std::string_view text, const Moment& now) {
    const auto lines = base::split(text, '\n');
    salt = lines.front();
    if (!text.empty() && salt.size() != salt_size) {
      throw Error(ErrorKind::failed, "the record is damaged", {"remove it"});
    }
    for (std::size_t i = 1; i < lines.size(); ++i) {
      std::string_view line = lines[i];
      const auto system = take_number(line);
      const auto monotonic = system ? take_number(line) : std::nullopt;
      if (!monotonic) continue;
      Entry entry{{*system, *monotonic}, std::string(line)};
      if (!entry.moment.is_old(now)) entries.push_back(std::move(entry));
    }
  }

  std::string hash(const std::string& device_and_code) const {
    std::array<unsigned char, 16> digest = {};
    crypto_generichash(digest.data(), digest.size(),
                       reinterpret_cast<const unsigned char*>(device_and_code.data()),
                       device_and_code.size(), reinterpret_cast<const unsigned char*>(salt.data()),
                       salt.size());
    return base::hex(digest);
  }

  bool contains(const std::string& device_and_code) const {
    const std::string wanted = hash(device_and_code);
    return std::any_of(entries.begin(), entries.end(),
                       [&](const Entry& entry) { return entry.hash == wanted; });
  }

  base::WipedString text() const {
    base::WipedString result(salt);
    result += '\n';
    for (const Entry& entry : entries) {
      result += fmt::format("{} {} {}\n", entry.moment.system, entry.moment.monotonic, entry.hash);
    }
    return result;
  }
};

Moment moment_of(os::Clock& clock) {
  const auto monotonic = std::chrono::duration_cast<base::Seconds>(clock.monotonic());
  return {clock.now().time_since_epoch().count(), monotonic.count()};
}

// AWS does not tell serial numbers apart by their case.
std::string text_of(const std::string& serial_number, const std::string& token_code) {
  return base::to_lower(serial_number) + '\n' + token_code;
}

std::string ledger_in(const std::string& folder) {
  return folder.empty() ? "" : folder + "/spent-codes";
}

Error refusal(const std::string& path, const Error& why) {
  std::vector<std::string> hints = why.hints();
  hints.push_back(
      fmt::format("the code is not spent; codes of the last minutes are recorded in {}", path));
  return {
      ErrorKind::failed,
      fmt::format("the MFA code was not sent, since it cannot be recorded as used: {}", why.what()),
      std::move(hints)};
}

}  // namespace

// Every process records before it looks into the other ledger: of two with the same code, one in
// each, at least one sees the other's.
bool SpentCodes::enter(const std::string& serial_number, const std::string& token_code) {
  const std::string entry = text_of(serial_number, token_code);
  const std::string state = ledger_in(state_folder_);
  bool is_fresh = true;
  std::optional<Error> failure;
  bool ledger_exists = false;
  if (!state.empty()) {
    try {
      if (!record(state, entry)) return false;
    } catch (const Error& error) {
      failure = refusal(state, error);
      // Another process may be about to record this very code.
      if (is_locked(state)) throw *failure;
      is_fresh = !is_recorded(state, entry, ledger_exists);
    }
  }
  const bool is_written = !state.empty() && !failure;
  const std::string other = ledger_in(files_.private_temporary_folder(!is_written));
  if (other.empty()) {
    if (is_fresh && failure && ledger_exists) throw *failure;
    return is_fresh;
  }
  if (is_written) return !is_recorded(other, entry, ledger_exists);
  try {
    is_fresh = record(other, entry) && is_fresh;
  } catch (const Error& error) {
    throw refusal(other, error);
  }
  return is_fresh && !(failure && is_recorded(state, entry, ledger_exists));
}

bool SpentCodes::record(const std::string& path, const std::string& entry) {
  bool is_fresh = true;
  const Moment now = moment_of(clock_);
  files_.update(path, [&](const base::WipedString& bytes) {
    Ledger ledger(bytes, now);
    while (ledger.salt.size() < salt_size) {
      ledger.salt += fmt::format("{:08x}", random_.below(0xffffffff));
    }
    is_fresh = !ledger.contains(entry);
    if (is_fresh) ledger.entries.push_back({now, ledger.hash(entry)});
    return ledger.text();
  });
  return is_fresh;
}

// Throws Error{failed} where there is a ledger that cannot be read.
bool SpentCodes::is_recorded(const std::string& path, const std::string& entry, bool& exists) {
  try {
    const auto bytes = files_.read(path);
    exists = exists || bytes;
    return bytes && Ledger(*bytes, moment_of(clock_)).contains(entry);
  } catch (const Error& error) {
    throw refusal(path, error);
  }
}

// As far as can be told without waiting.
bool SpentCodes::is_locked(const std::string& path) {
  try {
    return !files_.lock(path, std::chrono::milliseconds{0});
  } catch (const Error&) {
    return false;  // nobody can lock a file there
  }
}

void SpentCodes::take_back(const std::string& serial_number, const std::string& token_code) {
  const std::string entry = text_of(serial_number, token_code);
  for (const std::string& folder : {state_folder_, files_.private_temporary_folder(false)}) {
    const std::string path = ledger_in(folder);
    if (path.empty() || !files_.read(path)) continue;
    files_.update(path, [&](const base::WipedString& bytes) {
      Ledger ledger(bytes, moment_of(clock_));
      const std::string hash = ledger.hash(entry);
      std::erase_if(ledger.entries, [&](const Entry& other) { return other.hash == hash; });
      return ledger.text();
    });
  }
}

base::Seconds until_next_code(base::Time now) { return step - now.time_since_epoch() % step; }

}  // namespace app
