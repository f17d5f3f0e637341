#include "app/config/role_request.h"

#include "base/error.h"

#include <array>

namespace app {
namespace {

using Texts = std::vector<std::string>;
using Tags = std::vector<aws::SessionTag>;

Texts as_values(const std::string& text) { return text.empty() ? Texts{} : Texts{text}; }
Texts as_values(const Texts& texts) { return texts; }
Texts as_values(const Tags& tags) {
  Texts values;
  for (const aws::SessionTag& tag : tags) values.push_back(tag.key + "=" + tag.value);
  return values;
}

void add_to(std::string& text, const std::string& value) { text = value; }
void add_to(Texts& texts, const std::string& value) { texts.push_back(value); }
void add_to(Tags& tags, const std::string& value) {
  const std::size_t equals = value.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw base::Error(base::ErrorKind::usage, "--tag takes KEY=VALUE",
                      {"for several tags give it several times"});
  }
  tags.push_back({value.substr(0, equals), value.substr(equals + 1)});
}

}  // namespace

std::span<const RoleOption> role_options() {
  static const std::array options = {
      RoleOption{.name = "duration",
                 .profile_key = "duration_seconds",
                 .member = &RoleRequest::duration,
                 .changes_session = false},
      RoleOption{.name = "session-name",
                 .profile_key = "role_session_name",
                 .member = &RoleRequest::role_session_name},
      RoleOption{
          .name = "external-id", .profile_key = "external_id", .member = &RoleRequest::external_id},
      RoleOption{.name = "tag", .profile_key = "session_tags", .member = &RoleRequest::tags},
      RoleOption{.name = "transitive-tag",
                 .profile_key = "transitive_session_tags",
                 .member = &RoleRequest::transitive_tag_keys},
      RoleOption{.name = "source-identity",
                 .profile_key = "source_identity",
                 .member = &RoleRequest::source_identity},
      RoleOption{.name = "policy",
                 .profile_key = "",
                 .member = &RoleRequest::policy_file,
                 .is_file = true},
      RoleOption{.name = "policy-arn", .profile_key = "", .member = &RoleRequest::policy_arns},
  };
  return options;
}

RoleRequest said_by(const aws::RoleStep& step) {
  RoleRequest request;
  static_cast<aws::RoleParameters&>(request) = step;
  if (step.duration) request.duration = std::to_string(step.duration->count());
  return request;
}

Texts RoleOption::values(const RoleRequest& request) const {
  return std::visit([&](const auto& of) { return as_values(request.*of); }, member);
}

void RoleOption::add(RoleRequest& request, const std::string& value) const {
  std::visit([&](const auto& of) { add_to(request.*of, value); }, member);
}

void RoleOption::copy(const RoleRequest& from, RoleRequest& to) const {
  std::visit([&](const auto& of) { to.*of = from.*of; }, member);
}

}  // namespace app
