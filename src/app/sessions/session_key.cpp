#include "app/sessions/session_key.h"

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
  Hash& add(const std::vector<aws::SessionTag>& tags) {
    add(std::to_string(tags.size()));
    for (const aws::SessionTag& tag : tags) add(tag.key).add(tag.value);
    return *this;
  }
  Hash& add(const std::optional<base::Seconds>& duration) {
    return add(duration ? std::to_string(duration->count()) : "");
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
  return hash.add(kind).add(origin.access_key_id).add(origin.scope);
}

}  // namespace

std::string base_session_key(const SessionRequest& request, const Settings& settings,
                             const SessionOrigin& origin, bool is_result) {
  Hash hash = start("base", origin);
  return hash.add(is_result ? request.duration : "").add(settings.session_duration).text();
}

std::string role_session_key(const SessionRequest& request, const Settings& settings,
                             const SessionOrigin& origin, const RoleChoice& choice,
                             const std::string& policy) {
  Hash hash = start("role", origin);
  if (choice.chain) {
    for (const aws::RoleStep& step : choice.chain->roles) {
      hash.add(step.role_arn).add(step.external_id).add(step.role_session_name).add(step.duration);
      hash.add(step.session_tags).add(step.transitive_session_tags).add(step.source_identity);
    }
  } else if (choice.role) {
    const aws::RoleReference& role = *choice.role;
    hash.add(std::to_string(static_cast<int>(role.form)))
        .add(role.partition)
        .add(role.account)
        .add(role.path)
        .add(role.name);
  }
  return hash.add(request.duration)
      .add(settings.duration)
      .add(request.session_name)
      .add(request.external_id)
      .add(request.tags)
      .add(request.transitive_tag_keys)
      .add(request.source_identity)
      .add(policy)
      .add(request.policy_arns)
      .text();
}

}  // namespace app
