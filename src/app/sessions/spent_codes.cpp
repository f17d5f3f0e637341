#include "app/sessions/spent_codes.h"

#include "base/text.h"

#include <array>
#include <charconv>
#include <fmt/core.h>
#include <sodium.h>
#include <vector>

namespace app {
namespace {

// AWS forgives a step or two of a device's clock: after that a code is refused for its age.
constexpr base::Seconds cached{180};
constexpr base::Seconds step{30};

struct Entry {
  long long seconds = 0;  // since 1970
  std::string hash;
};

// The file: the salt on the first line, then "SECONDS HASH" for each code. What cannot be read is
// left out: the worst that follows is that AWS refuses a code that we could have refused.
struct Ledger {
  std::string salt;
  std::vector<Entry> entries;

  Ledger(std::string_view text, base::Time now) {
    const auto lines = base::split(text, '\n');
    salt = lines.front();
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const std::size_t blank = lines[i].find(' ');
      if (blank == std::string_view::npos) continue;
      Entry entry;
      std::from_chars(lines[i].data(), lines[i].data() + blank, entry.seconds);
      entry.hash = lines[i].substr(blank + 1);
      const long long age = now.time_since_epoch().count() - entry.seconds;
      if (age >= 0 && age < cached.count()) entries.push_back(std::move(entry));
    }
  }

  std::string hash(const std::string& serial_number, const std::string& token_code) const {
    const std::string text = serial_number + '\n' + token_code;
    std::array<unsigned char, 16> digest = {};
    crypto_generichash(digest.data(), digest.size(),
                       reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                       reinterpret_cast<const unsigned char*>(salt.data()), salt.size());
    return base::hex(digest);
  }

  base::WipedString text() const {
    base::WipedString result(salt);
    result += '\n';
    for (const Entry& entry : entries) {
      result += fmt::format("{} {}\n", entry.seconds, entry.hash);
    }
    return result;
  }
};

}  // namespace

bool SpentCodes::enter(const std::string& serial_number, const std::string& token_code,
                       base::Time now) {
  bool fresh = true;
  files_.update(path_, [&](const base::WipedString& bytes) {
    Ledger ledger(bytes, now);
    if (ledger.salt.size() != 32) {
      ledger.salt.clear();
      for (int i = 0; i < 4; ++i) ledger.salt += fmt::format("{:08x}", random_.below(0xffffffff));
      ledger.entries.clear();
    }
    const std::string hash = ledger.hash(serial_number, token_code);
    fresh = std::none_of(ledger.entries.begin(), ledger.entries.end(),
                         [&](const Entry& entry) { return entry.hash == hash; });
    if (fresh) ledger.entries.push_back({now.time_since_epoch().count(), hash});
    return ledger.text();
  });
  return fresh;
}

void SpentCodes::take_back(const std::string& serial_number, const std::string& token_code,
                           base::Time now) {
  files_.update(path_, [&](const base::WipedString& bytes) {
    Ledger ledger(bytes, now);
    const std::string hash = ledger.hash(serial_number, token_code);
    std::erase_if(ledger.entries, [&](const Entry& entry) { return entry.hash == hash; });
    return ledger.text();
  });
}

base::Seconds until_next_code(base::Time now) { return step - now.time_since_epoch() % step; }

}  // namespace app
