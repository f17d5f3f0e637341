#include "app/client/mfa_devices.h"
#include "app/doctor/check_context.h"
#include "app/doctor/doctor_permissions.h"
#include "aws/api/sts.h"
#include "aws/model/arn.h"
#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <chrono>
#include <fmt/core.h>
#include <variant>

namespace app {
namespace {

// What auditors usually advise; AWS itself sets no limit.
constexpr base::Seconds old_key{90 * 24 * 3600};
// AWS refuses signatures whose time is further off.
constexpr base::Seconds too_far{15 * 60};

void check_clock(CheckContext& context) {
  const base::Seconds offset = context.account->client.clock_offset();
  context.check = "clock";
  if (!context.account->client.knows_aws_time()) {
    context.unknown(
        "whether this machine's clock agrees with AWS's is not known: the answer has no Date");
  } else if (offset.count() == 0) {
    context.ok("this machine's clock agrees with AWS's");
  } else {
    const base::Seconds distance = std::chrono::abs(offset);
    const std::string what = aws::describe_clock(offset);
    const std::vector<std::string> advice = {"set the clock: timedatectl set-ntp true"};
    if (distance >= too_far) {
      context.fail(what + ": AWS refuses the requests of other clients", advice);
    } else {
      context.warn(what + ": codes generated on this machine may be wrong", advice);
    }
  }
  context.check = "connection";
}

std::string date_of(base::Time time) { return base::format_rfc3339(time).substr(0, 10); }

// The user's other key. When the one in use was last used is of no interest: it is being used now.
void tell_other_key(CheckContext& context, const aws::iam::AccessKeyMetadata& key, base::Time now) {
  const std::string& id = key.access_key_id;
  Answer answer = ask_iam(context, aws::iam::get_access_key_last_used(id));
  auto* body = std::get_if<base::WipedString>(&answer);
  const auto used = body != nullptr ? std::optional(aws::iam::parse_get_access_key_last_used(*body))
                                    : std::nullopt;  // nothing else needs the permission
  const std::string what = fmt::format(
      "the user has a second access key, {}, {}{}", id, key.active ? "active" : "inactive",
      !used        ? ""
      : used->time ? fmt::format(", last used on {} for {}", date_of(*used->time),
                                 base::printable(used->service))
                   : ", never used");
  const bool idle = used && (!used->time || now - *used->time > old_key);
  if (key.active && idle) {
    context.warn(what, {"delete it, if nobody knows what it is for"});
  } else {
    context.ok(what);
  }
}

void tell_key(CheckContext& context, const aws::iam::AccessKeyMetadata& key, base::Time now) {
  if (key.access_key_id != context.account->key().access_key_id) {
    return tell_other_key(context, key, now);
  }
  if (!key.created) return;
  const auto days = std::chrono::duration_cast<std::chrono::days>(now - *key.created).count();
  const std::string age =
      fmt::format("the access key {} was created on {}, {} day{} ago", key.access_key_id,
                  date_of(*key.created), days, days == 1 ? "" : "s");
  if (now - *key.created > old_key) {
    context.warn(age, {"create a new one, put it into the profile, and delete the old one"});
  } else {
    context.ok(age);
  }
}

// A profile with temporary keys in AWS_PROFILE is how a session is used, and one that does not
// exist has been reported with the variables.
void tell_passed_over(CheckContext& context) {
  const auto named = context.doors.environment.get("AWS_PROFILE");
  if (named && !context.shared->has_profile(*named)) return;
  const bool is_session = named && aws::holds_temporary_key(*context.shared, *named);
  for (const std::string& note : context.messages.notes) {
    is_session ? context.ok(note) : context.warn(note);
  }
}

// The profile's role; where it has none, the role of the settings, assumed with the profile's key.
RoleChoice choose(CheckContext& context, SessionRequest& session) {
  const std::string& profile = context.request.profile;
  const auto& shared = *context.shared;
  const std::string& role = context.request.role;
  if (profile.empty()) {
    return role.empty() ? choose_role(shared, context.settings) : choose_role(shared, role);
  }
  if (!shared.has_profile(profile) || !shared.text(profile, "role_arn").empty() ||
      !shared.text(profile, "mfa_serial").empty()) {
    return choose_profile(shared, profile, false);
  }
  if (aws::holds_long_term_key(shared, profile) && session.source_profile.empty()) {
    session.source_profile = profile;
  }
  context.ok(fmt::format("profile {} has no role; checking {}, the role of the settings", profile,
                         context.settings.role));
  return choose_role(shared, context.settings);
}

}  // namespace

// Finds the role that is meant, the key that it starts from, and how AWS is reached.
void find_key(CheckContext& context) {
  if (!context.shared) return;
  SessionRequest session = context.request.session;
  try {
    context.choice = choose(context, session);
  } catch (const base::Error& error) {
    context.fail(error.what(), error.hints());
  }
  std::vector<RoleChoice> choices;
  if (context.choice) choices.push_back(*context.choice);
  Access access = find_access(session, context.settings, *context.shared, context.doors.environment,
                              choices, context.messages);
  tell_passed_over(context);
  load_secret(access.source, context.doors.files, context.doors.environment);
  require_secret(access.source);
  const DoctorDoors& doors = context.doors;
  context.account =
      std::make_unique<Account>(std::move(access), doors.environment, doors.process, doors.http,
                                doors.clock, doors.random, context.messages);
  const SourceKey& source = context.account->source();
  context.ok(fmt::format("the long-term key is {} of {}", context.account->key().access_key_id,
                         source.profile.empty() ? "the environment" : "profile " + source.profile));
}

namespace {

void tell_proxy_and_ca(CheckContext& context) {
  const Connection& connection = context.account->client.connection();
  for (const char* variable : {"HTTPS_PROXY", "https_proxy"}) {
    if (!context.doors.environment.get(variable)) continue;
    context.ok(fmt::format(
        "requests go through the proxy of {}, except for hosts in NO_PROXY and on this machine",
        variable));
    break;
  }
  if (!connection.ca_bundle.empty()) {
    context.ok(
        fmt::format("certificates are verified with {}", context.display(connection.ca_bundle)));
  }
}

// A page that some proxy answers with is not an answer from AWS.
bool is_of_aws(const Answer& answer) {
  const auto* refusal = std::get_if<aws::ApiError>(&answer);
  return refusal == nullptr || !refusal->code.empty();
}

}  // namespace

void check_connection(CheckContext& context) {
  if (!context.account) return;
  const Connection& connection = context.account->client.connection();
  if (const auto& ca = connection.ca_bundle; !ca.empty() && !context.doors.probe.status(ca)) {
    return context.fail(fmt::format("the certificate file {} does not exist", context.display(ca)),
                        {"name a PEM file with AWS_CA_BUNDLE, or ca_bundle of the profile; or use "
                         "the system's certificates"});
  }
  Answer answer =
      context.account->client.call(aws::sts::get_caller_identity(), context.account->key());
  if (const auto* failure = std::get_if<os::HttpFailure>(&answer)) {
    return context.fail(
        fmt::format("no answer from STS at {}: {}", connection.sts.origin, failure->what),
        failure->hints);
  }
  std::optional<aws::Arn> caller;
  if (auto* body = std::get_if<base::WipedString>(&answer)) caller = parse_caller(*body);
  if (is_of_aws(answer)) {
    context.ok(fmt::format("STS answers at {}, for the region {}", connection.sts.origin,
                           connection.sts.signing_region));
    tell_proxy_and_ca(context);
    check_clock(context);
    context.check = "key";
  }
  if (!caller) require(std::move(answer), facts_of(context, "GetCallerIdentity"));
  require_iam_user(*caller);
  context.user = *caller;
  context.ok(fmt::format("the key is {}'s, of account {}, and active", aws::name_of(*caller),
                         caller->account));
}

void check_key(CheckContext& context) {
  if (!context.user) return;
  std::string marker;
  do {
    Answer answer = ask_iam(context, aws::iam::list_access_keys("", marker));
    const auto* refusal = std::get_if<aws::ApiError>(&answer);
    if (refusal != nullptr && aws::is_access_denied(*refusal)) {
      return context.unknown(
          "the age of the key is not known: you may not call iam:ListAccessKeys, which nothing "
          "else needs");
    }
    base::WipedString body = require(std::move(answer), facts_of(context, "ListAccessKeys"));
    const auto page = aws::iam::parse_list_access_keys(body);
    for (const auto& key : page.keys) tell_key(context, key, context.account->client.now());
    marker = page.marker;
  } while (!marker.empty());
}

namespace {

std::string given_serial_number(const CheckContext& context) {
  const std::string& option = context.request.session.serial_number;
  if (!option.empty()) return option;
  const std::string of_profile =
      profile_key(*context.shared, context.choice.value_or(RoleChoice{}),
                  context.account ? context.account->source().profile : "", "mfa_serial");
  return of_profile.empty() ? context.settings.serial_number : of_profile;
}

void guess_device(CheckContext& context, const aws::ApiError& refusal) {
  std::string known = "the one that was given is used";
  std::vector<std::string> hints = {
      denied_hint(context, refusal, "iam:ListMFADevices", {*context.user})};
  if (context.serial_number.empty()) {
    context.serial_number = fmt::format("arn:{}:iam::{}:mfa/{}", context.user->partition,
                                        context.user->account, context.user_name());
    known = context.serial_number + " is a guess";
    hints.emplace_back(
        "or set the right one with: aws-session-token configure serial_number SERIAL");
  }
  context.warn(fmt::format("you may not list your own MFA devices: {}", known), std::move(hints));
}

}  // namespace

void check_devices(CheckContext& context) {
  if (!context.user) return;
  const std::string given = given_serial_number(context);
  context.serial_number = given;
  if (context.iam_lost) return;
  const auto answer =
      list_mfa_devices("", facts_of(context, "ListMFADevices"),
                       [&](const aws::Call& call) { return ask_iam(context, call); });
  if (const auto* refusal = std::get_if<aws::ApiError>(&answer)) {
    return guess_device(context, *refusal);
  }
  const auto& devices = std::get<std::vector<aws::iam::MfaDevice>>(answer);
  std::vector<std::string> usable;
  for (const auto& [user_name, serial] : devices) {
    const bool use = aws::usable_with_sts(aws::mfa_device(serial));
    if (use) usable.push_back(serial);
    context.ok(fmt::format("STS accepts {} from {}", use ? "codes" : "no codes", serial));
  }
  context.serial_number.clear();
  if (usable.empty()) {
    return context.fail(
        devices.empty()
            ? fmt::format("{} has no MFA device", context.user_name())
            : fmt::format(
                  "{} has only passkeys or security keys, and STS accepts no codes from those",
                  context.user_name()),
        {"add an authenticator app as MFA device in the IAM console: My security credentials"});
  }
  if (!given.empty() && std::find(usable.begin(), usable.end(), given) == usable.end()) {
    return context.fail(fmt::format("{} is not one of the devices of {}", base::printable(given),
                                    context.user_name()),
                        {fmt::format("give {} in the settings, the profile or with --serial-number",
                                     usable.front())});
  }
  context.serial_number = given.empty() ? usable.front() : given;
}

}  // namespace app
