#include "aws/model/session_tag.h"

#include "aws/model/constraints.h"
#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <fmt/core.h>
#include <set>

namespace aws {
namespace {

constexpr std::size_t max_tags = 50;  // tagListType and tagKeyListType of sts/2011-06-15

constexpr const char* tags_hint = "it comes from --tag, or `session_tags` of the profile";
constexpr const char* transitive_hint =
    "it comes from --transitive-tag, or `transitive_session_tags` of the profile";

[[noreturn]] void refuse(std::string what, std::vector<std::string> hints = {}) {
  throw base::Error(base::ErrorKind::usage, std::move(what), std::move(hints));
}

void refuse_too_many(std::size_t count, std::string_view what, const char* hint) {
  if (count <= max_tags) return;
  refuse(fmt::format("there are {} {}: AWS allows at most {}", count, what, max_tags), {hint});
}

}  // namespace

std::vector<SessionTag> parse_session_tags(std::string_view text) {
  std::vector<SessionTag> tags;
  std::set<std::string> keys;
  for (const std::string_view pair : base::split(text, ',')) {
    const std::size_t equals = pair.find('=');
    // No pair is repeated: what stands in the wrong place may be anything.
    if (equals == std::string_view::npos) refuse("a tag without `=`");
    const std::string_view key = base::trim(pair.substr(0, equals));
    if (key.empty()) refuse("a tag without a key");
    if (!keys.insert(base::to_lower(key)).second) {
      refuse(fmt::format("the tag {} twice", base::printable(key)));
    }
    tags.push_back({std::string(key), std::string(base::trim(pair.substr(equals + 1)))});
  }
  return tags;
}

std::vector<std::string> parse_tag_keys(std::string_view text) {
  std::vector<std::string> keys;
  for (const std::string_view word : base::split(text, ',')) {
    const std::string_view key = base::trim(word);
    if (key.empty()) refuse("an empty key");
    keys.emplace_back(key);
  }
  return keys;
}

void check_session_tags(std::span<const SessionTag> tags,
                        std::span<const std::string> transitive_keys) {
  refuse_too_many(tags.size(), "session tags", tags_hint);
  refuse_too_many(transitive_keys.size(), "transitive tags", transitive_hint);
  std::set<std::string> keys;
  for (const SessionTag& tag : tags) {
    check("AssumeRole", "Tags.Key", tag.key);
    check("AssumeRole", "Tags.Value", tag.value);
    const std::string key = base::to_lower(tag.key);
    if (key.starts_with("aws:")) {
      refuse(fmt::format("the session tag `{}` begins with aws:, which AWS reserves",
                         base::printable(tag.key)),
             {tags_hint});
    }
    if (!keys.insert(key).second) {
      refuse(fmt::format("the session tag `{}` is there twice: AWS does not distinguish upper and "
                         "lower case in keys",
                         base::printable(tag.key)),
             {tags_hint});
    }
  }
  for (const std::string& key : transitive_keys) {
    check("AssumeRole", "TransitiveTagKeys", key);
    if (keys.contains(base::to_lower(key))) continue;
    refuse(fmt::format("the transitive tag `{}` is not a session tag of this request",
                       base::printable(key)),
           {transitive_hint, "give it a value with --tag, or in `session_tags` of the profile"});
  }
}

}  // namespace aws
