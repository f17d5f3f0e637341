#include "app/status.h"

#include "aws/session_profile.h"

#include <algorithm>

namespace app {
namespace {

std::string text(const aws::Section& section, std::string_view key) {
  const auto property = section.find(key);
  return property ? std::string(property->value) : std::string();
}

std::optional<base::Time> expiration_of(const aws::Section& section) {
  for (const char* key : {"expiration", "x_security_token_expires"}) {
    if (const auto time = base::parse_rfc3339(text(section, key))) return time;
  }
  return std::nullopt;
}

}  // namespace

std::vector<SessionStatus> session_statuses(const aws::SharedFile& credentials,
                                            std::span<const CachedSession> cached) {
  std::vector<SessionStatus> all;
  for (const aws::Section& section : credentials.sections()) {
    const bool temporary =
        !text(section, "aws_session_token").empty() || !text(section, "aws_security_token").empty();
    if (!temporary) continue;
    SessionStatus& status = all.emplace_back();
    status.profile = section.name;
    status.role_arn = text(section, "assumed_role_arn");
    status.expiration = expiration_of(section);
    status.in_file = true;
    status.access_key_id = text(section, "aws_access_key_id");
    status.manager = text(section, "manager");
    if (status.manager != aws::manager) status.owner = SessionStatus::Owner::other_tool;
  }
  for (const CachedSession& session : cached) {
    const auto same = std::find_if(all.begin(), all.end(), [&](const SessionStatus& status) {
      return status.access_key_id == session.credentials.access_key_id;
    });
    if (same != all.end()) {
      same->in_cache = true;
      same->user_name = session.user_name;
      continue;
    }
    SessionStatus& status = all.emplace_back();
    status.profile = session.profile;
    status.role_arn = session.role_arn;
    status.user_name = session.user_name;
    status.expiration = session.credentials.expiration;
    status.in_cache = true;
    status.access_key_id = session.credentials.access_key_id;
  }
  return all;
}

}  // namespace app
