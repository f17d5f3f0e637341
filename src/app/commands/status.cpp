#include "app/commands/status.h"

#include "app/commands/link.h"
#include "app/sessions/session_key.h"
#include "aws/files/session_profile.h"

#include <algorithm>
#include <set>

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

// What a link gives sessions of; empty: the MFA session itself.
std::string role_arn_of(const SessionRequest& request, const aws::SharedConfig& shared) {
  if (!request.roles.empty()) return request.roles.front();
  if (request.no_role || request.profiles.empty()) return "";
  return std::string(shared.text(request.profiles.front(), "role_arn"));
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
                                            std::span<const CachedSession> cached, base::Time now,
                                            const Settings& settings, os::Environment& environment,
                                            os::Files& files) {
  std::vector<SessionStatus> all;
  for (const aws::Section& section : shared.credentials().sections()) {
    if (is_temporary(section)) all.push_back(of_credentials(section));
  }
  const std::size_t in_file = all.size();
  std::set<std::string> of_links;  // their sessions' access key ids
  for (const aws::Section& section : shared.config().sections()) {
    if (!is_link(section)) continue;
    SessionStatus& status = all.emplace_back();
    status.profile = aws::profile_of(section.name, aws::FileKind::config);
    status.linked = true;
    const auto request = linked_request(text(section, "credential_process"));
    status.is_known = request.has_value();
    if (!request) continue;
    status.role_arn = role_arn_of(*request, shared);
    const auto query = cache_query(*request, settings, shared, environment, files);
    const auto session = std::find_if(
        cached.begin(), cached.end(),
        [&](const CachedSession& candidate) { return query && query->matches(candidate, now); });
    if (session == cached.end()) continue;  // it would get a new one
    status.user_name = session->user_name;
    status.expiration = session->credentials.expiration;
    status.in_cache = true;
    of_links.insert(session->credentials.access_key_id);
  }
  for (const CachedSession& session : cached) {
    const std::string& id = session.credentials.access_key_id;
    const auto end = all.begin() + static_cast<std::ptrdiff_t>(in_file);
    const auto same = std::find_if(
        all.begin(), end, [&](const SessionStatus& status) { return status.access_key_id == id; });
    if (same != end) {
      same->in_cache = true;
      same->user_name = session.user_name;
    } else if (!of_links.contains(id)) {
      all.push_back(of_cache(session));
    }
  }
  return all;
}

}  // namespace app
