#include "app/sessions/mfa_device.h"

#include "app/client/mfa_devices.h"
#include "aws/api/iam.h"
#include "aws/model/arn.h"
#include "base/error.h"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;
using Devices = std::vector<aws::iam::MfaDevice>;

MfaUser guess(const MfaUserRequest& request, KeyOwner& owner, os::Messages& messages) {
  const std::string user = owner.user_name();
  if (!request.user_name.empty() && request.user_name != user) {
    throw Error(ErrorKind::failed,
                fmt::format("the access key belongs to {}, not to {}", user, request.user_name),
                {"give that user name, or another key with -s"});
  }
  if (!request.likely_serial_number.empty()) return {user, request.likely_serial_number};
  const std::string serial =
      fmt::format("arn:{}:iam::{}:mfa/{}", owner.arn().partition, owner.arn().account, user);
  messages.note(
      fmt::format("you may not list your MFA devices (iam:ListMFADevices); {} is a guess, "
                  "--serial-number gives the right one",
                  serial));
  return {user, serial};
}

std::vector<std::string> usable_serial_numbers(const Devices& devices) {
  std::vector<std::string> usable;
  for (const auto& device : devices) {
    if (aws::usable_with_sts(aws::mfa_device(device.serial_number))) {
      usable.push_back(device.serial_number);
    }
  }
  return usable;
}

[[noreturn]] void throw_no_device(const std::string& user, bool has_others) {
  if (has_others) {
    throw Error(
        ErrorKind::failed,
        fmt::format("{} has only passkeys or security keys, and STS takes no code of those", user),
        {"add an authenticator app as a second MFA device in the IAM console"});
  }
  throw Error(
      ErrorKind::failed, fmt::format("{} has no MFA device", user),
      {"add an authenticator app as MFA device in the IAM console: My security credentials"});
}

}  // namespace

MfaUserSearch::MfaUserSearch(MfaUserRequest request, Account& account)
    : request_(std::move(request)), account_(account) {
  if (request_.serial_number.empty()) {
    first_page_ =
        account_.client.start(aws::iam::list_mfa_devices(request_.user_name, ""), account_.key());
  } else if (request_.user_name.empty()) {
    account_.owner.start();
  }
}

// Nothing when the user may not look.
std::optional<Devices> MfaUserSearch::list_devices() {
  aws::RequestFacts facts;
  facts.operation = "ListMFADevices";
  facts.access_key_id = account_.key().access_key_id;
  facts.user_name = request_.user_name;
  facts.region = account_.client.connection().iam.signing_region;
  auto answer = list_mfa_devices(request_.user_name, facts, [&](const aws::Call& call) {
    AwsClient::Pending pending = first_page_ ? *std::exchange(first_page_, std::nullopt)
                                             : account_.client.start(call, account_.key());
    return account_.client.finish(std::move(pending), account_.key());
  });
  auto* const devices = std::get_if<Devices>(&answer);
  return devices == nullptr ? std::nullopt : std::optional(std::move(*devices));
}

MfaUser MfaUserSearch::finish(Questions& questions, os::Messages& messages) {
  const auto name_or_owner = [&] {
    return request_.user_name.empty() ? account_.owner.user_name() : request_.user_name;
  };
  if (!first_page_) return {name_or_owner(), request_.serial_number};
  const auto devices = list_devices();
  if (!devices) return guess(request_, account_.owner, messages);
  if (devices->empty()) throw_no_device(name_or_owner(), false);
  const std::string user = devices->front().user_name;
  const std::vector<std::string> usable = usable_serial_numbers(*devices);
  if (usable.empty()) throw_no_device(user, true);
  if (usable.size() == 1) return {user, usable.front()};
  const auto likely = std::find(usable.begin(), usable.end(), request_.likely_serial_number);
  const auto default_value = likely == usable.end() ? usable.begin() : likely;
  return {user,
          questions.mfa_device(usable, static_cast<std::size_t>(default_value - usable.begin()))};
}

}  // namespace app
