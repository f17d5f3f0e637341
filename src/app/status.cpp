#include "app/status.h"

#include "app/link.h"
#include "aws/session_profile.h"

#include <algorithm>

namespace app {
namespace {

// A link's session that has less left is renewed when it is asked for, unless min_ttl says
// otherwise.
constexpr base::Seconds renewed_below{900};

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

SessionStatus of_credentials(const aws::Section& section) {
  SessionStatus status;
  status.profile = section.name;
  status.role_arn = text(section, "assumed_role_arn");
  status.expiration = expiration_of(section);
  status.in_file = true;
  status.access_key_id = text(section, "aws_access_key_id");
  status.manager = text(section, "manager");
  if (status.manager != aws::manager) status.owner = SessionStatus::Owner::other_tool;
  return status;
}

bool is_temporary(const aws::Section& section) {
  return !text(section, "aws_session_token").empty() ||
         !text(section, "aws_security_token").empty();
}

bool is_link(const aws::Section& section) {
  return text(section, "manager") == aws::manager && section.find("credential_process");
}

SessionStatus of_link(const aws::Section& section, const aws::SharedConfig& shared,
                      std::span<const CachedSession> cached, base::Time now) {
  const Target target = linked_target(text(section, "credential_process"));
  SessionStatus status;
  status.profile = aws::profile_of(section.name, aws::FileKind::config);
  status.linked = true;
  status.role_arn = target.role_arn;
  if (!target.profile.empty()) status.role_arn = shared.text(target.profile, "role_arn");
  for (const CachedSession& session : cached) {
    // The MFA session itself is kept under no profile.
    const bool same = session.role_arn == status.role_arn &&
                      (session.profile == target.profile || status.role_arn.empty());
    if (!same || session.credentials.expiration <= now + renewed_below) continue;
    status.user_name = session.user_name;
    status.expiration = std::max(session.credentials.expiration, status.expiration.value_or(now));
  }
  return status;
}

SessionStatus of_cache(const CachedSession& session) {
  SessionStatus status;
  status.profile = session.profile;
  status.role_arn = session.role_arn;
  status.user_name = session.user_name;
  status.expiration = session.credentials.expiration;
  status.in_cache = true;
  status.access_key_id = session.credentials.access_key_id;
  return status;
}

}  // namespace

std::vector<SessionStatus> session_statuses(const aws::SharedConfig& shared,
                                            std::span<const CachedSession> cached, base::Time now) {
  std::vector<SessionStatus> all;
  for (const aws::Section& section : shared.credentials().sections()) {
    if (is_temporary(section)) all.push_back(of_credentials(section));
  }
  const std::size_t in_file = all.size();
  for (const aws::Section& section : shared.config().sections()) {
    if (is_link(section)) all.push_back(of_link(section, shared, cached, now));
  }
  for (const CachedSession& session : cached) {
    const auto end = all.begin() + static_cast<std::ptrdiff_t>(in_file);
    const auto same = std::find_if(all.begin(), end, [&](const SessionStatus& status) {
      return status.access_key_id == session.credentials.access_key_id;
    });
    if (same == end) {
      all.push_back(of_cache(session));
    } else {
      same->in_cache = true;
      same->user_name = session.user_name;
    }
  }
  return all;
}

}  // namespace app
