#include "app/sessions/session_cache.h"

#include "aws/files/session_profile.h"
#include "aws/files/shared_file.h"
#include "base/text.h"

#include <algorithm>
#include <set>

namespace app {
namespace {

using aws::Section;

std::string_view text(const Section& section, std::string_view key) {
  const auto property = section.find(key);
  return property ? property->value : std::string_view();
}

// The same of many keys: the section's lines are looked through once, not for each of them.
class Record {
 public:
  explicit Record(const Section& section) : properties_(section.properties()) {}

  std::string_view text(std::string_view key) const {
    const auto last = std::find_if(properties_.rbegin(), properties_.rend(),
                                   [&](const aws::Property& p) { return p.key == key; });
    return last == properties_.rend() ? std::string_view() : last->value;
  }

 private:
  std::vector<aws::Property> properties_;
};

// Nothing where a part is missing: a record of an older version, or one that was edited. The
// secrets are left where they are.
std::optional<CachedSession> read_record(const Section& section) {
  const Record record(section);
  const auto expiration = base::parse_rfc3339(record.text("expiration"));
  const auto issued = base::parse_rfc3339(record.text("issued"));
  const bool whole =
      !record.text("aws_secret_access_key").empty() && !record.text("aws_session_token").empty();
  if (!expiration || !issued || !whole) return std::nullopt;
  CachedSession session;
  session.key = section.name;
  session.credentials.access_key_id = record.text("aws_access_key_id");
  session.credentials.expiration = *expiration;
  session.role_arn = record.text("assumed_role_arn");
  session.profile = base::form_decode(record.text("profile"));
  session.user_name = base::form_decode(record.text("user_name"));
  session.serial_number = record.text("serial_number");
  session.source_access_key_id = record.text("source_access_key_id");
  session.endpoint = record.text("endpoint");
  session.chained = record.text("chained") == "true";
  session.issued = *issued;
  session.is_longest = record.text("longest") == "true";
  session.verified = record.text("verified") == "true";
  return session;
}

void write_record(const CachedSession& session, base::WipedString& out) {
  aws::require_plain(session.credentials);
  const auto encoded = [](const std::string& text) {
    base::WipedString result;
    base::percent_encode(text, "", result);
    return result;
  };
  // The parts whose characters nobody has checked.
  const base::WipedString profile = encoded(session.profile);
  const base::WipedString user_name = encoded(session.user_name);
  const std::string expiration = base::format_rfc3339(session.credentials.expiration);
  const std::string issued = base::format_rfc3339(session.issued);
  const std::pair<const char*, std::string_view> lines[] = {
      {"aws_access_key_id", session.credentials.access_key_id},
      {"aws_secret_access_key", session.credentials.secret_access_key.reveal()},
      {"aws_session_token", session.credentials.session_token.reveal()},
      {"assumed_role_arn", session.role_arn},
      {"expiration", expiration},
      {"profile", profile},
      {"user_name", user_name},
      {"serial_number", session.serial_number},
      {"source_access_key_id", session.source_access_key_id},
      {"endpoint", session.endpoint},
      {"chained", session.chained ? "true" : ""},
      {"issued", issued},
      {"longest", session.is_longest ? "true" : ""},
      {"verified", session.verified ? "true" : ""},
  };
  out.append("[").append(session.key).append("]\n");
  for (const auto& [key, value] : lines) {
    if (!value.empty()) out.append(key).append(" = ").append(value).append("\n");
  }
  out.append("\n");
}

// The file without the records that `which` names, and those that cannot be read.
base::WipedString without(const aws::SharedFile& file,
                          const std::function<bool(const CachedSession&)>& which) {
  base::WipedString bytes;
  bytes.reserve(file.bytes().size());
  for (const Section& section : file.sections()) {
    const auto session = read_record(section);
    if (!session || which(*session)) continue;
    bytes += file.lines(section.line, section.line + section.line_count);
  }
  return bytes;
}

// Than another of the same key; of one session that is written again it is none.
bool lasts_longer(const CachedSession& old, const CachedSession& fresh) {
  return old.credentials.expiration > fresh.credentials.expiration &&
         old.user_name == fresh.user_name && old.serial_number == fresh.serial_number;
}

}  // namespace

aws::SharedFile SessionCache::read() {
  if (path_.empty()) return {};
  return aws::SharedFile(files_.read(path_).value_or(base::WipedString()));
}

bool CacheQuery::matches(const CachedSession& session, base::Time now) const {
  // AWS's clock and ours differ, and an answer is on its way for a while.
  constexpr base::Seconds tolerance{60};
  const base::Seconds lifetime = session.credentials.expiration - session.issued + tolerance;
  const bool lasts = duration == longest ? session.is_longest : lifetime >= duration;
  return session.key == key && lasts && session.credentials.expiration - now > min_ttl &&
         (user_name.empty() || session.user_name == user_name) &&
         (serial_number.empty() || session.serial_number == serial_number);
}

std::optional<CachedSession> SessionCache::find(const aws::SharedFile& file,
                                                const CacheQuery& query, base::Time now) {
  for (const Section& section : file.sections()) {
    if (section.name != query.key) continue;
    auto session = read_record(section);
    if (!session || !query.matches(*session, now)) return std::nullopt;
    session->credentials.secret_access_key = base::Secret(text(section, "aws_secret_access_key"));
    session->credentials.session_token = base::Secret(text(section, "aws_session_token"));
    return session;
  }
  return std::nullopt;
}

std::vector<CachedSession> SessionCache::all() {
  std::vector<CachedSession> sessions;
  const aws::SharedFile file = read();
  for (const Section& section : file.sections()) {
    if (auto session = read_record(section)) sessions.push_back(std::move(*session));
  }
  return sessions;
}

void SessionCache::store(std::span<const CachedSession> sessions, base::Time now, bool replace) {
  if (path_.empty() || sessions.empty()) return;
  files_.update(path_, [&](base::WipedString old) {
    std::set<std::string> longer;  // the keys of what stays
    const auto goes = [&](const CachedSession& there) {
      if (there.credentials.expiration <= now) return true;
      const auto fresh =
          std::find_if(sessions.begin(), sessions.end(),
                       [&](const CachedSession& session) { return session.key == there.key; });
      if (fresh == sessions.end()) return false;
      if (replace || !lasts_longer(there, *fresh)) return true;
      longer.insert(there.key);
      return false;
    };
    base::WipedString bytes = without(aws::SharedFile(std::move(old)), goes);
    for (const CachedSession& session : sessions) {
      if (!longer.contains(session.key)) write_record(session, bytes);
    }
    return bytes;
  });
}

int SessionCache::remove(const std::function<bool(const CachedSession&)>& which) {
  if (path_.empty() || !files_.read(path_)) return 0;
  int removed = 0;
  files_.update(path_, [&](base::WipedString old) {
    removed = 0;
    return without(aws::SharedFile(std::move(old)), [&](const CachedSession& session) {
      const bool goes = which(session);
      removed += goes ? 1 : 0;
      return goes;
    });
  });
  return removed;
}

}  // namespace app
