#include "sandbox/session_tags.h"

#include "base/text.h"
#include "sandbox/refusal.h"
#include "sandbox/text_rules.h"

#include <algorithm>
#include <fmt/core.h>

namespace sandbox {
namespace {

using aws::SessionTag;
using Keys = std::vector<std::string>;

constexpr std::size_t max_tags = 50;
constexpr TextRule key_rule{1, 128, "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+", is_tag_character};
constexpr TextRule value_rule{0, 256, "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*", is_tag_character};

[[noreturn]] void refuse(const char* message) {
  throw Refusal(400, "InvalidParameterValue", message);
}

bool contains(const Keys& keys, std::string_view key) {
  return std::any_of(keys.begin(), keys.end(),
                     [&](const auto& other) { return base::equal_ignoring_case(other, key); });
}

auto find(std::vector<SessionTag>& tags, std::string_view key) {
  return std::find_if(tags.begin(), tags.end(), [&](const SessionTag& tag) {
    return base::equal_ignoring_case(tag.key, key);
  });
}

}  // namespace

PassedTags read_tags(const Parameters& parameters, Validation& validation) {
  PassedTags passed;
  const auto keys = parameters.members("Tags.member.", ".Key");
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::string member = fmt::format("Tags.{}.member.", i + 1);
    const std::string value = fmt::format("Tags.member.{}.Value", i + 1);
    validation.check(member + "key", keys[i], key_rule);
    if (const std::string* const found = parameters.find(value)) {
      validation.check(member + "value", *found, value_rule);
      passed.tags.push_back({keys[i], *found});
    } else {
      validation.add(member + "value", "null", "not be null");
    }
  }
  passed.transitive_keys = parameters.members("TransitiveTagKeys.member.", "");
  for (const std::string& key : passed.transitive_keys) {
    validation.check("TransitiveTagKeys", key, key_rule);
  }
  const auto limit = [&](const char* parameter, std::size_t count) {
    // AWS's text holds the whole list in the place of `...`.
    if (count > max_tags) {
      validation.add(parameter, "'[...]'",
                     fmt::format("have length less than or equal to {}", max_tags));
    }
  };
  limit("Tags", keys.size());
  limit("TransitiveTagKeys", passed.transitive_keys.size());
  return passed;
}

void check_tags(const PassedTags& passed, const Session* caller) {
  Keys keys;
  for (const SessionTag& tag : passed.tags) {
    if (contains(keys, tag.key)) {
      refuse("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
    }
    // Documented; AWS's text is not known.
    if (base::to_lower(tag.key).starts_with("aws:")) {
      refuse("Tag keys that begin with aws: are reserved for system use.");
    }
    keys.push_back(tag.key);
  }
  for (const std::string& key : keys) {
    if (caller && contains(caller->transitive_tag_keys, key)) {
      refuse(
          "One of the specified transitive tag keys can't be set because it conflicts with a "
          "transitive tag key from the calling session.");
    }
  }
  for (const std::string& key : passed.transitive_keys) {
    if (!contains(keys, key)) {
      refuse("The specified transitive tag key must be included in the requested tags.");
    }
  }
}

std::vector<SessionTag> inherited_tags(const Session* caller) {
  std::vector<SessionTag> inherited;
  if (!caller) return inherited;
  for (const SessionTag& tag : caller->tags) {
    if (contains(caller->transitive_tag_keys, tag.key)) inherited.push_back(tag);
  }
  return inherited;
}

std::vector<SessionTag> overlaid(std::vector<SessionTag> under,
                                 const std::vector<SessionTag>& over) {
  for (const SessionTag& tag : over) {
    if (const auto same = find(under, tag.key); same != under.end()) under.erase(same);
    under.push_back(tag);
  }
  return under;
}

std::size_t plain_size(const std::vector<SessionTag>& tags) {
  std::size_t size = 0;
  for (const SessionTag& tag : tags) size += tag.key.size() + tag.value.size();
  return size;
}

}  // namespace sandbox
