#include "app/session_cache.h"

#include "aws/session_profile.h"
#include "aws/shared_file.h"
#include "base/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace app {
namespace {

using aws::Section;

std::string_view text(const Section& section, std::string_view key) {
  const auto property = section.find(key);
  return property ? property->value : std::string_view();
}

// Nothing where a part is missing: a record of an older version, or one that was edited.
std::optional<CachedSession> read_record(const Section& section) {
  const auto expiration = base::parse_rfc3339(text(section, "expiration"));
  const std::string_view secret = text(section, "aws_secret_access_key");
  const std::string_view token = text(section, "aws_session_token");
  if (!expiration || secret.empty() || token.empty()) return std::nullopt;
  CachedSession session;
  session.key = section.name;
  session.credentials = {std::string(text(section, "aws_access_key_id")), base::Secret(secret),
                         base::Secret(token), *expiration};
  session.role_arn = text(section, "assumed_role_arn");
  session.profile = base::form_decode(text(section, "profile"));
  session.user_name = text(section, "user_name");
  session.serial_number = text(section, "serial_number");
  session.source_access_key_id = text(section, "source_access_key_id");
  session.endpoint = text(section, "endpoint");
  session.chained = text(section, "chained") == "true";
  return session;
}

void write_record(const CachedSession& session, base::WipedString& out) {
  aws::SectionEdit edit = aws::session_profile(session.key, session.credentials, session.role_arn);
  base::WipedString profile;  // the only part whose characters nobody has checked
  base::percent_encode(session.profile, "", profile);
  const std::pair<const char*, std::string_view> more[] = {
      {"profile", profile},
      {"user_name", session.user_name},
      {"serial_number", session.serial_number},
      {"source_access_key_id", session.source_access_key_id},
      {"endpoint", session.endpoint},
      {"chained", session.chained ? "true" : ""},
  };
  out.append("[").append(session.key).append("]\n");
  const auto line = [&](std::string_view key, std::string_view value) {
    if (!value.empty()) out.append(key).append(" = ").append(value).append("\n");
  };
  for (const auto& [key, value] : edit.set) line(key, value);
  for (const auto& [key, value] : more) line(key, value);
  out.append("\n");
}

std::vector<CachedSession> parse(base::WipedString bytes) {
  std::vector<CachedSession> sessions;
  const aws::SharedFile file(std::move(bytes));
  for (const Section& section : file.sections()) {
    if (auto session = read_record(section)) sessions.push_back(std::move(*session));
  }
  return sessions;
}

base::WipedString serialise(const std::vector<CachedSession>& sessions) {
  base::WipedString bytes;
  for (const CachedSession& session : sessions) write_record(session, bytes);
  return bytes;
}

}  // namespace

CachedSession CachedSession::clone() const {
  return {key,           credentials.clone(),  role_arn, profile, user_name,
          serial_number, source_access_key_id, endpoint, chained};
}

std::optional<CachedSession> SessionCache::find(const std::string& key,
                                                const std::string& user_name,
                                                const std::string& serial_number, base::Time now,
                                                base::Seconds min_ttl) {
  const auto bytes = files_.read(path_);
  if (!bytes) return std::nullopt;
  const aws::SharedFile file(*bytes);
  for (const Section& section : file.sections()) {
    if (section.name != key) continue;
    auto session = read_record(section);
    if (!session || session->credentials.expiration - now <= min_ttl) return std::nullopt;
    if (!user_name.empty() && session->user_name != user_name) return std::nullopt;
    if (!serial_number.empty() && session->serial_number != serial_number) return std::nullopt;
    return session;
  }
  return std::nullopt;
}

std::vector<CachedSession> SessionCache::all() {
  auto bytes = files_.read(path_);
  return bytes ? parse(std::move(*bytes)) : std::vector<CachedSession>();
}

void SessionCache::store(std::span<const CachedSession> sessions, base::Time now) {
  if (sessions.empty()) return;
  files_.update(path_, [&](base::WipedString bytes) {
    std::vector<CachedSession> kept = parse(std::move(bytes));
    std::erase_if(kept, [&](const CachedSession& old) {
      return old.credentials.expiration <= now ||
             std::any_of(sessions.begin(), sessions.end(),
                         [&](const CachedSession& fresh) { return fresh.key == old.key; });
    });
    for (const CachedSession& fresh : sessions) kept.push_back(fresh.clone());
    return serialise(kept);
  });
}

int SessionCache::remove(const std::function<bool(const CachedSession&)>& which) {
  if (!files_.read(path_)) return 0;
  int removed = 0;
  files_.update(path_, [&](base::WipedString bytes) {
    std::vector<CachedSession> kept = parse(std::move(bytes));
    removed = static_cast<int>(std::erase_if(kept, which));
    return serialise(kept);
  });
  return removed;
}

}  // namespace app
