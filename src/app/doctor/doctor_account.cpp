#include "app/doctor/doctor_patient.h"
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

// Usual advice of auditors; AWS itself sets no limit.
constexpr base::Seconds old_key{90 * 24 * 3600};
// AWS refuses signatures that are further off.
constexpr base::Seconds too_far{15 * 60};

void look_at_the_clock(Patient& patient) {
  const base::Seconds offset = patient.account->client.clock_offset();
  patient.check = "clock";
  if (!patient.account->client.knows_aws_time()) {
    patient.unknown(
        "whether this machine's clock agrees with AWS's is not known: the answer has no Date");
  } else if (offset.count() == 0) {
    patient.ok("this machine's clock agrees with AWS's");
  } else {
    const base::Seconds distance = std::chrono::abs(offset);
    const std::string what =
        fmt::format("this machine's clock is {} {} AWS's", base::format_clock_difference(offset),
                    offset.count() > 0 ? "behind" : "ahead of");
    const std::vector<std::string> mend = {"set the clock: timedatectl set-ntp true"};
    if (distance >= too_far) {
      patient.fail(what + ": AWS refuses the other clients", mend);
    } else {
      patient.warn(what + ": codes that a program here makes may be wrong", mend);
    }
  }
  patient.check = "connection";
}

std::string date_of(base::Time time) { return base::format_rfc3339(time).substr(0, 10); }

// The user's other key. When the one in use was last used says nothing: it is used right now.
void tell_other_key(Patient& patient, const aws::iam::AccessKeyMetadata& key, base::Time now) {
  const std::string& id = key.access_key_id;
  Answer answer = ask_iam(patient, aws::iam::get_access_key_last_used(id));
  auto* body = std::get_if<base::WipedString>(&answer);
  const auto used = body != nullptr ? std::optional(aws::iam::parse_get_access_key_last_used(*body))
                                    : std::nullopt;  // a permission that nothing here needs
  const std::string what = fmt::format(
      "the user has a second access key, {}, {}{}", id, key.active ? "active" : "inactive",
      !used        ? ""
      : used->time ? fmt::format(", last used on {} for {}", date_of(*used->time),
                                 base::printable(used->service))
                   : ", never used");
  const bool idle = used && (!used->time || now - *used->time > old_key);
  if (key.active && idle) {
    patient.warn(what, {"delete it, if nobody knows what it is for"});
  } else {
    patient.ok(what);
  }
}

void tell_key(Patient& patient, const aws::iam::AccessKeyMetadata& key, base::Time now) {
  if (key.access_key_id != patient.account->key().access_key_id) {
    return tell_other_key(patient, key, now);
  }
  if (!key.created) return;
  const auto days = std::chrono::duration_cast<std::chrono::days>(now - *key.created).count();
  const std::string made =
      fmt::format("the access key {} was made on {}, {} day{} ago", key.access_key_id,
                  date_of(*key.created), days, days == 1 ? "" : "s");
  if (now - *key.created > old_key) {
    patient.warn(made, {"have a new one made, put it into its profile, and delete the old one"});
  } else {
    patient.ok(made);
  }
}

// A profile of temporary keys in AWS_PROFILE is how a session is used, and one that is not there
// was told of with the variables.
void tell_passed_over(Patient& patient) {
  const auto named = patient.doors.environment.get("AWS_PROFILE");
  if (named && !patient.shared->has_profile(*named)) return;
  const bool is_session = named && aws::holds_temporary_key(*patient.shared, *named);
  for (const std::string& note : patient.talk.notes) {
    is_session ? patient.ok(note) : patient.warn(note);
  }
}

// The profile's role; where it has none, that of the settings, from the profile's own key.
RoleChoice choose(Patient& patient, SessionRequest& session) {
  const std::string& profile = patient.request.profile;
  const auto& shared = *patient.shared;
  const std::string& role = patient.request.role;
  if (profile.empty()) {
    return role.empty() ? choose_role(shared, patient.settings) : choose_role(shared, role);
  }
  if (!shared.has_profile(profile) || !shared.text(profile, "role_arn").empty() ||
      !shared.text(profile, "mfa_serial").empty()) {
    return choose_profile(shared, profile, false);
  }
  if (aws::holds_long_term_key(shared, profile) && session.source_profile.empty()) {
    session.source_profile = profile;
  }
  patient.ok(fmt::format("profile {} has no role: looked at is {}, that of the settings", profile,
                         patient.settings.role));
  return choose_role(shared, patient.settings);
}

}  // namespace

// The role that is meant, the key that it starts from, and the way to AWS.
void look_for_the_key(Patient& patient) {
  if (!patient.shared) return;
  SessionRequest session = patient.request.session;
  try {
    patient.choice = choose(patient, session);
  } catch (const base::Error& error) {
    patient.fail(error.what(), error.hints());
  }
  std::vector<RoleChoice> choices;
  if (patient.choice) choices.push_back(*patient.choice);
  Access access = find_access(session, patient.settings, *patient.shared, patient.doors.environment,
                              choices, patient.talk);
  tell_passed_over(patient);
  require_whole(access.source);
  const DoctorDoors& doors = patient.doors;
  patient.account = std::make_unique<Account>(std::move(access), doors.http, doors.clock,
                                              doors.random, patient.talk);
  const SourceKey& source = patient.account->source;
  patient.ok(fmt::format("the long-term key is {} of {}", source.key.access_key_id,
                         source.profile.empty() ? "the environment" : "profile " + source.profile));
}

namespace {

void tell_proxy_and_ca(Patient& patient) {
  const Connection& connection = patient.account->client.connection();
  for (const char* variable : {"HTTPS_PROXY", "https_proxy"}) {
    if (!patient.doors.environment.get(variable)) continue;
    patient.ok(
        fmt::format("requests go through the proxy of {}, but for hosts in NO_PROXY and on "
                    "this machine",
                    variable));
    break;
  }
  if (!connection.ca_bundle.empty()) {
    patient.ok(fmt::format("certificates are judged by {}", patient.display(connection.ca_bundle)));
  }
}

// A page that some proxy answers with is no answer of AWS's.
bool is_of_aws(const Answer& answer) {
  const auto* refusal = std::get_if<aws::ApiError>(&answer);
  return refusal == nullptr || !refusal->code.empty();
}

}  // namespace

void look_at_the_connection(Patient& patient) {
  if (!patient.account) return;
  const Connection& connection = patient.account->client.connection();
  if (const auto& ca = connection.ca_bundle; !ca.empty() && !patient.doors.look.look(ca)) {
    return patient.fail(
        fmt::format("the file of certificates {} is not there", patient.display(ca)),
        {"name a PEM file with AWS_CA_BUNDLE, or ca_bundle of the profile; or leave "
         "it to the system's certificates"});
  }
  Answer answer =
      patient.account->client.call(aws::sts::get_caller_identity(), patient.account->key());
  if (const auto* failure = std::get_if<os::HttpFailure>(&answer)) {
    return patient.fail(
        fmt::format("no answer from STS at {}: {}", connection.sts.origin, failure->what),
        failure->hints);
  }
  std::optional<aws::sts::CallerIdentity> identity;
  if (auto* body = std::get_if<base::WipedString>(&answer)) {
    identity = aws::sts::parse_get_caller_identity(*body);
  }
  if (is_of_aws(answer)) {
    patient.ok(fmt::format("STS answers at {}, for the region {}", connection.sts.origin,
                           connection.sts.signing_region));
    tell_proxy_and_ca(patient);
    look_at_the_clock(patient);
    patient.check = "key";
  }
  if (!identity) require(std::move(answer), facts_of(patient, "GetCallerIdentity"));
  const auto arn = aws::parse_arn(identity->arn);
  if (arn && aws::is_root(*arn)) {
    return patient.fail("this is the root user's key, and root cannot assume a role",
                        {"use the access key of an IAM user, and delete the root user's"});
  }
  if (!arn || !aws::is_user(*arn)) {
    return patient.fail("the access key is not one of an IAM user",
                        {"name the profile that holds your long-term access key with -s"});
  }
  patient.user = *arn;
  patient.ok(
      fmt::format("the key is {}'s, of account {}, and active", aws::name_of(*arn), arn->account));
}

void look_at_the_key(Patient& patient) {
  if (!patient.user) return;
  std::string marker;
  do {
    Answer answer = ask_iam(patient, aws::iam::list_access_keys("", marker));
    const auto* refusal = std::get_if<aws::ApiError>(&answer);
    if (refusal != nullptr && aws::is_access_denied(*refusal)) {
      return patient.unknown(
          "how old the key is cannot be seen (iam:ListAccessKeys), and nothing needs it");
    }
    base::WipedString body = require(std::move(answer), facts_of(patient, "ListAccessKeys"));
    const auto page = aws::iam::parse_list_access_keys(body);
    for (const auto& key : page.keys) tell_key(patient, key, patient.account->client.now());
    marker = page.marker;
  } while (!marker.empty());
}

namespace {

// All pages; the refusal where the user may not look.
std::variant<std::vector<std::string>, aws::ApiError> list_devices(Patient& patient) {
  std::vector<std::string> serial_numbers;
  std::string marker;
  do {
    Answer answer = ask_iam(patient, aws::iam::list_mfa_devices("", marker));
    const auto* refusal = std::get_if<aws::ApiError>(&answer);
    if (refusal != nullptr && aws::is_access_denied(*refusal)) return *refusal;
    base::WipedString body = require(std::move(answer), facts_of(patient, "ListMFADevices"));
    const auto page = aws::iam::parse_list_mfa_devices(body);
    for (const auto& device : page.devices) serial_numbers.push_back(device.serial_number);
    marker = page.marker;
  } while (!marker.empty());
  return serial_numbers;
}

std::string given_serial_number(const Patient& patient) {
  const std::string& option = patient.request.session.serial_number;
  if (!option.empty()) return option;
  const std::string of_profile =
      profile_key(*patient.shared, patient.choice.value_or(RoleChoice{}),
                  patient.account ? patient.account->source.profile : "", "mfa_serial");
  return of_profile.empty() ? patient.settings.serial_number : of_profile;
}

void guess_device(Patient& patient, const aws::ApiError& refusal) {
  std::string known = "the one given is taken as it is";
  std::vector<std::string> hints = {
      denied_hint(patient, refusal, "iam:ListMFADevices", {*patient.user})};
  if (patient.serial_number.empty()) {
    patient.serial_number = fmt::format("arn:{}:iam::{}:mfa/{}", patient.user->partition,
                                        patient.user->account, patient.user_name());
    known = patient.serial_number + " is a guess";
    hints.emplace_back(
        "or set the right one with: aws-session-token configure serial_number SERIAL");
  }
  patient.warn(fmt::format("you may not list your own MFA devices: {}", known), std::move(hints));
}

}  // namespace

void look_at_devices(Patient& patient) {
  if (!patient.user) return;
  const std::string given = given_serial_number(patient);
  patient.serial_number = given;
  if (patient.iam_lost) return;
  const auto answer = list_devices(patient);
  if (const auto* refusal = std::get_if<aws::ApiError>(&answer)) {
    return guess_device(patient, *refusal);
  }
  const auto& devices = std::get<std::vector<std::string>>(answer);
  std::vector<std::string> usable;
  for (const std::string& serial : devices) {
    const bool use = aws::usable_with_sts(aws::mfa_device(serial));
    if (use) usable.push_back(serial);
    patient.ok(fmt::format("STS takes {} of {}", use ? "the codes" : "no code", serial));
  }
  patient.serial_number.clear();
  if (usable.empty()) {
    return patient.fail(
        devices.empty()
            ? fmt::format("{} has no MFA device", patient.user_name())
            : fmt::format("{} has only passkeys or security keys, and STS takes no code of those",
                          patient.user_name()),
        {"add an authenticator app as MFA device in the IAM console: My security credentials"});
  }
  if (!given.empty() && std::find(usable.begin(), usable.end(), given) == usable.end()) {
    return patient.fail(fmt::format("{} is not one of the devices of {}", base::printable(given),
                                    patient.user_name()),
                        {fmt::format("give {} in the settings, the profile or with --serial-number",
                                     usable.front())});
  }
  patient.serial_number = given.empty() ? usable.front() : given;
}

}  // namespace app
