#include "app/sessions/session_key.h"

#include "app/config/access.h"
#include "app/config/requested_roles.h"
#include "app/sessions/session_plan.h"
#include "base/error.h"
#include "base/secret.h"
#include "base/text.h"

#include <array>
#include <cstdint>
#include <sodium.h>

namespace app {
namespace {

// Each part goes in with its length, so that no two lists of parts are one text.
class Hash {
 public:
  Hash() {
    base::start_sodium();
    crypto_generichash_init(&state_, nullptr, 0, size);
  }
  Hash& add(std::string_view part) {
    const std::uint64_t length = part.size();
    crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(&length),
                              sizeof length);
    crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(part.data()),
                              part.size());
    return *this;
  }
  Hash& add(const std::vector<std::string>& parts) {
    add(std::to_string(parts.size()));
    for (const std::string& part : parts) add(part);
    return *this;
  }
  std::string text() {
    std::array<unsigned char, size> digest = {};
    crypto_generichash_final(&state_, digest.data(), digest.size());
    return base::hex(digest);
  }

 private:
  static constexpr std::size_t size = 16;
  crypto_generichash_state state_ = {};
};

// Sessions of one partition are good in all of its regions.
Hash start(std::string_view kind, const SessionOrigin& origin) {
  Hash hash;
  return hash.add(kind).add(origin.key).add(origin.scope);
}

// Where a file is named, what it says. A longer session serves a shorter wish: the duration is
// compared.
void add(Hash& hash, const RoleRequest& request) {
  for (const RoleOption& option : role_options()) {
    if (option.changes_session && !option.is_file) hash.add(option.values(request));
  }
  hash.add(request.policy);
}

}  // namespace

std::string base_session_key(const SessionOrigin& origin) { return start("base", origin).text(); }

std::string role_session_key(const SessionRequest& request, const SessionOrigin& origin,
                             const RoleChoice& choice) {
  Hash hash = start("role", origin);
  if (choice.chain) {
    for (const aws::RoleStep& step : choice.chain->roles) {
      hash.add(step.role_arn);
      add(hash, said_by(step));
    }
  } else if (choice.role && choice.role->form == aws::RoleReference::Form::arn) {
    hash.add(aws::role_arn(*choice.role, "", ""));
    add(hash, RoleRequest());
  } else if (choice.role) {
    const aws::RoleReference& role = *choice.role;
    hash.add(std::to_string(static_cast<int>(role.form)))
        .add(role.partition)
        .add(role.account)
        .add(role.path)
        .add(role.name);
  }
  add(hash, request);
  return hash.text();
}

base::Seconds min_ttl_of(const SessionRequest& request, const Settings& settings) {
  return request.min_ttl.value_or(settings.min_ttl.value_or(default_min_ttl));
}

std::optional<CacheQuery> cache_query(const SessionRequest& request, const Settings& settings,
                                      const aws::SharedConfig& shared, os::Environment& environment,
                                      os::Files& files) {
  try {
    os::NoMessages silence;  // whoever uses the session is told
    const std::vector<RoleChoice> choices =
        requested_roles(request, settings, shared, environment, silence);
    if (choices.size() != 1) return std::nullopt;
    Access access = find_access(request, settings, shared, environment, choices, silence);
    if (access.source.is_printed) load_secret(access.source, files, environment);
    const SessionOrigin origin = {access.source.cached_as(), access.connection.scope};
    const RoleChoice& choice = choices.front();
    return CacheQuery{.key = choice.mfa_session ? base_session_key(origin)
                                                : role_session_key(with_policy_read(request, files),
                                                                   origin, choice),
                      .user_name = request.username.value_or(""),
                      .serial_number = request.serial_number,
                      .min_ttl = min_ttl_of(request, settings),
                      .duration = choice.mfa_session ? mfa_session_duration(request, settings, true)
                                                     : wished_duration(request, settings, choice)};
  } catch (const base::Error&) {
    return std::nullopt;  // whoever uses the session is told why
  }
}

}  // namespace app
