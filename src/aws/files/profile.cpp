#include "aws/files/profile.h"

#include "aws/files/ini_text.h"
#include "aws/files/without_secrets.h"
#include "aws/model/lookalike.h"
#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <fmt/core.h>
#include <set>

namespace aws {
namespace {

using base::Error;
using base::ErrorKind;

std::optional<std::string_view> value_of(const Property* property) {
  return property != nullptr ? std::optional(property->value) : std::nullopt;
}

// The value of `name` among nested `name = value` lines.
std::string_view nested(const Property& property, std::string_view name) {
  for (const std::string_view line : property.more) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    if (base::equal_ignoring_case(base::trim(line.substr(0, equals)), name)) {
      return base::trim(line.substr(equals + 1));
    }
  }
  return {};
}

}  // namespace

bool is_profile_name(std::string_view name) {
  return !name.empty() && name.size() <= 128 && base::is_alphanumeric(name, "_./%@:+-");
}

void SharedConfig::Merged::remove_named(std::string_view name) {
  std::erase_if(sections_, [&](const Section* section) { return section->name == name; });
}

const Property* SharedConfig::Merged::find(std::string_view key) const {
  if (!properties_) {
    properties_.emplace();
    for (const Section* section : sections_) {
      std::ranges::move(section->properties(), std::back_inserter(*properties_));
    }
  }
  const auto found = std::find_if(properties_->rbegin(), properties_->rend(),
                                  [&](const Property& p) { return p.key == key; });
  return found == properties_->rend() ? nullptr : &*found;
}

const Property* SharedConfig::find(const Index& index, std::string_view name,
                                   std::string_view key) {
  const auto found = index.find(name);
  return found == index.end() ? nullptr : found->second.find(key);
}

SharedConfig::SharedConfig(SharedFile config, SharedFile credentials)
    : config_(std::move(config)), credentials_(std::move(credentials)) {
  bool default_with_prefix = false;
  for (const Section& section : config_.sections()) {
    const std::string_view name = profile_of(section.name, FileKind::config);
    if (is_profile_name(name)) config_profiles_[name].add(section);
    if (name == "default" && section.name != "default") default_with_prefix = true;
    if (const auto services = ini::name_after("services", section.name); !services.empty()) {
      services_[services].add(section);
    }
  }
  // [profile default] and [default] in one file: the former alone counts.
  if (default_with_prefix) config_profiles_["default"].remove_named("default");
  for (const Section& section : credentials_.sections()) {
    if (is_profile_name(section.name)) credentials_profiles_[section.name].add(section);
  }
}

bool SharedConfig::has_profile(std::string_view profile) const {
  return config_profiles_.contains(profile) || credentials_profiles_.contains(profile);
}

std::vector<std::string> SharedConfig::profiles() const {
  std::set<std::string> names;
  for (const auto& [name, sections] : config_profiles_) names.emplace(name);
  for (const auto& [name, sections] : credentials_profiles_) names.emplace(name);
  return {names.begin(), names.end()};
}

std::optional<std::string_view> SharedConfig::profile_with_source(std::string_view profile) const {
  if (!users_of_sources_) {
    users_of_sources_.emplace();
    const auto add = [&](const Index& index) {
      for (const auto& [name, sections] : index) {
        const Property* source = sections.find("source_profile");
        if (source == nullptr) continue;
        const auto [user, is_new] = users_of_sources_->emplace(source->value, name);
        if (!is_new) user->second = std::min(user->second, name);
      }
    };
    add(config_profiles_);
    add(credentials_profiles_);
  }
  const auto user = users_of_sources_->find(profile);
  return user == users_of_sources_->end() ? std::nullopt : std::optional(user->second);
}

std::optional<std::string_view> SharedConfig::get(std::string_view profile,
                                                  std::string_view key) const {
  if (const Property* own = find(credentials_profiles_, profile, key)) return own->value;
  // A key pair is never made of two profiles.
  const bool may_include = !key.starts_with("aws_");
  std::set<std::string_view> visited;
  while (visited.insert(profile).second) {
    if (const Property* own = find(config_profiles_, profile, key)) return own->value;
    const Property* include = find(config_profiles_, profile, "include_profile");
    if (include == nullptr || !may_include) break;
    profile = include->value;
  }
  return std::nullopt;
}

std::string_view SharedConfig::text(std::string_view profile, std::string_view key) const {
  return get(profile, key).value_or(std::string_view{});
}

std::string_view SharedConfig::endpoint_url(std::string_view profile,
                                            std::string_view service) const {
  if (const auto services = get(profile, "services")) {
    if (const Property* block = find(services_, *services, service)) {
      if (const std::string_view url = nested(*block, "endpoint_url"); !url.empty()) return url;
    }
  }
  return text(profile, "endpoint_url");
}

std::optional<std::string_view> SharedConfig::in_config(std::string_view profile,
                                                        std::string_view key) const {
  return value_of(find(config_profiles_, profile, key));
}

std::optional<std::string_view> SharedConfig::in_credentials(std::string_view profile,
                                                             std::string_view key) const {
  return value_of(find(credentials_profiles_, profile, key));
}

namespace {

bool has(const SharedConfig& shared, std::string_view profile, std::string_view key) {
  return !shared.text(profile, key).empty();
}

bool has_static_key(const SharedConfig& shared, std::string_view profile) {
  return has(shared, profile, "aws_access_key_id") || has(shared, profile, "aws_secret_access_key");
}

bool has_sso(const SharedConfig& shared, std::string_view profile) {
  return has(shared, profile, "sso_session") || has(shared, profile, "sso_start_url") ||
         has(shared, profile, "sso_account_id") || has(shared, profile, "sso_role_name");
}

// The value of a key that is a list, as `parse` reads it.
template <typename Parse>
auto parsed_list(const SharedConfig& shared, std::string_view profile, std::string_view key,
                 Parse parse, std::string_view example) {
  const std::string_view value = shared.text(profile, key);
  using List = decltype(parse(value));
  if (base::trim(value).empty()) return List{};
  try {
    return parse(value);
  } catch (const Error& error) {
    throw Error(ErrorKind::failed,
                fmt::format("the {} of profile {} have {}", key, profile, error.what()),
                {fmt::format("for example: {} = {}", key, example)});
  }
}

// What narrows a session, or is a condition of it, must not be passed over because it is empty.
void refuse_empty_limits(const SharedConfig& shared, std::string_view profile) {
  for (const std::string_view key : {"external_id", "duration_seconds", "session_tags",
                                     "transitive_session_tags", "source_identity"}) {
    const auto value = shared.get(profile, key);
    if (!value || !value->empty()) continue;
    throw Error(ErrorKind::failed, fmt::format("profile {} has an empty {}", profile, key),
                {"write its value behind the =, or remove the line"});
  }
}

RoleStep role_step(const SharedConfig& shared, std::string_view profile) {
  refuse_empty_limits(shared, profile);
  RoleStep step;
  step.profile = profile;
  step.role_arn = shared.text(profile, "role_arn");
  step.external_id = shared.text(profile, "external_id");
  step.role_session_name = shared.text(profile, "role_session_name");
  if (const std::string_view seconds = shared.text(profile, "duration_seconds"); !seconds.empty()) {
    if (!base::is_digits(seconds) || !base::parse_duration(seconds)) {
      throw Error(
          ErrorKind::failed,
          fmt::format("profile {} has a duration_seconds that is not a number of seconds", profile),
          {"for example: duration_seconds = 3600"});
    }
    step.duration = base::parse_duration(seconds);
  }
  step.tags = parsed_list(shared, profile, "session_tags", parse_session_tags,
                          "project=unicorn,team=automation");
  step.transitive_tag_keys =
      parsed_list(shared, profile, "transitive_session_tags", parse_tag_keys, "project,team");
  step.source_identity = shared.text(profile, "source_identity");
  return step;
}

void require_whole_key(const SharedConfig& shared, std::string_view profile) {
  for (const std::string_view key : {"aws_access_key_id", "aws_secret_access_key"}) {
    if (!has(shared, profile, key)) {
      throw Error(ErrorKind::failed, fmt::format("profile {} has no {}", profile, key),
                  {"a key consists of an ID and a secret: create a new one in the IAM console if "
                   "either is lost"});
    }
  }
}

KeySource named_source(std::string_view profile, std::string_view source) {
  if (source == "Environment") return KeySource::environment;
  if (source == "Ec2InstanceMetadata") return KeySource::instance;
  if (source == "EcsContainer") return KeySource::container;
  throw Error(ErrorKind::failed,
              fmt::format("profile {} has an unknown credential_source", profile),
              {"AWS supports Environment, Ec2InstanceMetadata and EcsContainer"});
}

// What gives a profile credentials when no role does.
std::optional<KeySource> own_source(const SharedConfig& shared, std::string_view profile) {
  if (has_static_key(shared, profile)) {
    require_whole_key(shared, profile);
    return KeySource::profile;
  }
  if (has_sso(shared, profile)) return KeySource::sso;
  if (has(shared, profile, "credential_process")) return KeySource::credential_process;
  return std::nullopt;
}

void require_profile(const SharedConfig& shared, std::string_view profile,
                     std::string_view named_by) {
  if (shared.has_profile(profile)) return;
  std::vector<std::string> hints;
  if (const auto near = base::nearest(profile, shared.profiles())) {
    hints.push_back(fmt::format("did you mean {}?", *near));
  } else {
    hints.push_back("list the profiles with: aws configure list-profiles");
  }
  const std::string which =
      named_by.empty() ? fmt::format("there is no profile {}", profile)
                       : fmt::format("profile {} names the source profile {}, which does not exist",
                                     named_by, profile);
  throw Error(ErrorKind::failed, which, std::move(hints));
}

// What the role of a profile is assumed with, unless it is another profile.
std::optional<KeySource> role_source(const SharedConfig& shared, std::string_view profile) {
  if (has(shared, profile, "web_identity_token_file")) return KeySource::web_identity;
  const bool named = has(shared, profile, "credential_source");
  if (has(shared, profile, "source_profile")) {
    if (!named) return std::nullopt;
    throw Error(ErrorKind::failed,
                fmt::format("profile {} has both source_profile and credential_source", profile),
                {"AWS allows one of them: remove the other"});
  }
  return named ? named_source(profile, shared.text(profile, "credential_source"))
               : KeySource::unnamed;
}

// Where the chain ends, or nothing when the profile's source_profile comes next. `is_source`: it is
// the source of another profile or of itself; its static keys then take precedence over its role.
std::optional<KeySource> end_of_chain(const SharedConfig& shared, std::string_view profile,
                                      bool is_source) {
  const bool has_role = has(shared, profile, "role_arn");
  if (has_role && !(is_source && has_static_key(shared, profile))) {
    return role_source(shared, profile);
  }
  if (const auto own = own_source(shared, profile)) return own;
  throw Error(ErrorKind::failed, fmt::format("profile {} has no credentials", profile),
              {fmt::format("give it a key with: aws configure --profile {}", profile)});
}

void refuse_loop(std::string_view profile) {
  throw Error(ErrorKind::failed,
              fmt::format("profile {} leads back to itself through source_profile", profile),
              {"one profile of the loop must hold a key and have no role_arn"});
}

}  // namespace

Chain resolve_chain(const SharedConfig& shared, std::string_view profile) {
  Chain chain;
  std::set<std::string_view> visited;
  std::string_view named_by;
  for (std::string_view current = profile;;) {
    require_profile(shared, current, named_by);
    const bool own_key = named_by == current && has_static_key(shared, current);
    if (!visited.insert(current).second && !own_key) refuse_loop(current);
    const bool is_source = !named_by.empty();
    const auto source = end_of_chain(shared, current, is_source);
    const bool ends_with_key = source == KeySource::profile;
    if (has(shared, current, "role_arn") && !ends_with_key) {
      chain.roles.push_back(role_step(shared, current));
    }
    if (source) {
      chain.source = *source;
      chain.source_profile = current;
      break;
    }
    named_by = current;
    current = shared.text(current, "source_profile");
  }
  std::reverse(chain.roles.begin(), chain.roles.end());
  return chain;
}

bool is_key_text(std::string_view text) { return base::is_alphanumeric(text, "/+="); }

std::string access_key_id(const SharedConfig& shared, std::string_view profile) {
  require_profile(shared, profile, {});
  require_whole_key(shared, profile);
  if (holds_temporary_key(shared, profile)) {
    throw Error(ErrorKind::failed,
                fmt::format("profile {} holds temporary keys, not a long-term access key", profile),
                {"name the profile that holds the key of your IAM user with -s"});
  }
  for (const std::string_view key : {"aws_access_key_id", "aws_secret_access_key"}) {
    if (is_key_text(shared.text(profile, key))) continue;
    throw Error(
        ErrorKind::failed,
        fmt::format(
            "the {} of profile {} in the shared {} file has a character that no AWS key has", key,
            profile, shared.in_credentials(profile, key) ? "credentials" : "config"),
        {"check its line for quotes, spaces or a comment"});
  }
  if (!is_access_key_id(shared.text(profile, "aws_access_key_id"))) {
    throw Error(ErrorKind::failed,
                fmt::format("the aws_access_key_id of profile {} is not an access key ID", profile),
                {std::string(swapped_key_hint)});
  }
  return std::string(shared.text(profile, "aws_access_key_id"));
}

AccessKey access_key(const SharedConfig& shared, std::string_view profile) {
  return {access_key_id(shared, profile),
          base::Secret(shared.text(profile, "aws_secret_access_key"))};
}

bool holds_temporary_key(const SharedConfig& shared, std::string_view profile) {
  return has_static_key(shared, profile) &&
         (has(shared, profile, "aws_session_token") || has(shared, profile, "aws_security_token"));
}

bool holds_long_term_key(const SharedConfig& shared, std::string_view profile) {
  return has_static_key(shared, profile) && !holds_temporary_key(shared, profile);
}

bool may_print_long_term_key(const SharedConfig& shared, const Chain& chain) {
  return chain.source == KeySource::credential_process &&
         !is_link(shared.text(chain.source_profile, "credential_process"));
}

}  // namespace aws
