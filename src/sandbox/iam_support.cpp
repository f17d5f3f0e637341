#include "sandbox/iam_support.h"

#include "sandbox/authorization.h"
#include "sandbox/refusal.h"
#include "sandbox/text_rules.h"

#include <algorithm>
#include <charconv>
#include <fmt/core.h>

namespace sandbox {
namespace {

constexpr int max_items = 1000;
constexpr int default_items = 100;
constexpr TextRule marker_rule{1, 320, "[\\u0020-\\u00FF]+", is_arn_character};

}  // namespace

void check_name(const std::string& member, const std::string& name, std::size_t timeout) {
  std::string_view bound;
  if (name.empty()) bound = "greater than or equal to 1";
  if (name.size() > timeout)
    bound = timeout == 64 ? "less than or equal to 64" : "less than or equal to 128";
  if (!bound.empty()) {
    throw Refusal(400, "ValidationError",
                  fmt::format("1 validation error detected: Value '{}' at '{}' failed to satisfy "
                              "constraint: Member must have length {}",
                              name, member, bound));
  }
  const bool allowed = std::all_of(name.begin(), name.end(), [](char c) {
    return is_name_character(static_cast<unsigned char>(c));
  });
  if (!allowed) {
    throw Refusal(400, "ValidationError",
                  fmt::format("The specified value for {} is invalid. It must contain only "
                              "alphanumeric characters and/or the following: +=,.@_-",
                              member));
  }
}

User& named_user(const Call& call, std::string_view action) {
  const std::string* const given = call.parameters.find("UserName");
  if (!given && !call.caller.user) {
    throw Refusal(400, "ValidationError",
                  "Must specify userName when calling with non-User credentials");
  }
  if (given) check_name("userName", *given, 128);
  User* const user = given ? call.world.find_user(call.caller.account, *given) : call.caller.user;
  // Whether a user exists is told to those only who may ask about it.
  const std::string name = user ? user->name : *given;
  const std::string arn = user ? user->arn
                               : fmt::format("arn:{}:iam::{}:user/{}", call.world.partition(),
                                             call.caller.account, name);
  require(call, action, arn, "user " + name);
  if (!user) {
    throw Refusal(404, "NoSuchEntity", fmt::format("The user with name {} cannot be found.", name));
  }
  return *user;
}

Page::Page(Validation& validation)
    : max_items_(static_cast<std::size_t>(
          validation.integer("MaxItems", 1, max_items).value_or(default_items))),
      marker_(validation.optional("Marker", marker_rule)) {}

Page::Range Page::of(std::size_t length) const {
  std::size_t begin = 0;
  if (marker_) {
    const char* const end = marker_->data() + marker_->size();
    const auto [stop, error] = std::from_chars(marker_->data(), end, begin);
    if (error != std::errc{} || stop != end || begin > length) {
      throw Refusal(400, "ValidationError", "Invalid Marker.");
    }
  }
  return {begin, std::min(length, begin + max_items_)};
}

void Page::write(Call& call, const Range& range, std::size_t length) {
  call.result.element("IsTruncated", range.end < length ? "true" : "false");
  if (range.end < length) call.result.element("Marker", std::to_string(range.end));
}

}  // namespace sandbox
