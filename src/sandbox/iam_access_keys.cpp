#include "sandbox/authorization.h"
#include "sandbox/iam_support.h"
#include "sandbox/operation.h"
#include "sandbox/refusal.h"
#include "sandbox/text_rules.h"

#include <algorithm>
#include <fmt/core.h>

namespace sandbox {
namespace {

constexpr TextRule access_key_id_rule{16, 128, "[\\w]+", is_word};

const AccessKey& key_of(const User& user, std::string_view id) {
  return *std::find_if(user.access_keys.begin(), user.access_keys.end(),
                       [&](const AccessKey& key) { return key.id == id; });
}

}  // namespace

void list_access_keys(Call& call) {
  Validation validation(call.parameters);
  const Page page(validation);
  validation.finish();
  const User& user = named_user(call, "iam:ListAccessKeys");

  const auto& keys = user.access_keys;
  const Page::Range range = page.of(keys.size());
  Page::write(call, range, keys.size());
  call.result.open_list("AccessKeyMetadata");
  for (std::size_t i = range.begin; i < range.end; ++i) {
    call.result.open("member");
    call.result.element("UserName", user.name);
    call.result.element("AccessKeyId", keys[i].id);
    call.result.element("Status", keys[i].active ? "Active" : "Inactive");
    call.result.element("CreateDate", base::format_rfc3339(keys[i].created));
    call.result.close();
  }
  call.result.close();
}

void get_access_key_last_used(Call& call) {
  Validation validation(call.parameters);
  const std::string id = validation.required("AccessKeyId", access_key_id_rule);
  validation.finish();
  // A key of another account is as unknown as one that never was; AWS's text is not known.
  const User* const owner = call.world.find_owner(id);
  const bool found = owner && owner->account == call.caller.account;
  const std::string arn =
      found ? owner->arn
            : fmt::format("arn:{}:iam::{}:user/*", call.world.partition(), call.caller.account);
  require(call, "iam:GetAccessKeyLastUsed", arn,
          found ? "user " + owner->name : "access key " + id);
  if (!found) {
    throw Refusal(404, "NoSuchEntity",
                  fmt::format("The Access Key with id {} cannot be found.", id));
  }
  const auto& last_used = key_of(*owner, id).last_used;
  call.result.element("UserName", owner->name);
  call.result.open("AccessKeyLastUsed");
  // Of a key that nobody used there is no date, and "N/A" for the rest (IAM API Reference).
  if (last_used) call.result.element("LastUsedDate", base::format_rfc3339(last_used->time));
  call.result.element("ServiceName", last_used ? last_used->service : "N/A");
  call.result.element("Region", last_used ? last_used->region : "N/A");
  call.result.close();
}

}  // namespace sandbox
