#include "app/config/key_source.h"

#include "app/config/shared_files.h"
#include "aws/files/session_profile.h"
#include "aws/model/lookalike.h"
#include "aws/output/process_output.h"
#include "base/error.h"

#include <fmt/core.h>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

// Where a named profile ends up: itself, or the source of its role.
aws::Chain source_of(const aws::SharedConfig& shared, const std::string& profile) {
  if (aws::holds_long_term_key(shared, profile)) {
    aws::Chain chain;
    chain.source = aws::KeySource::profile;
    chain.source_profile = profile;
    return chain;
  }
  return aws::resolve_chain(shared, profile);
}

// Of a profile that nobody named to this program, one of a variable or `default`, which may be
// meant for others: nothing where it leads to no key that can be used here.
std::optional<aws::Chain> usable_chain(const aws::SharedConfig& shared,
                                       const std::string& profile) {
  if (aws::holds_temporary_key(shared, profile)) return std::nullopt;
  try {
    aws::Chain chain = source_of(shared, profile);
    const bool usable = chain.source == aws::KeySource::profile ||
                        chain.source == aws::KeySource::environment ||
                        aws::may_print_long_term_key(shared, chain);
    return usable ? std::optional(std::move(chain)) : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string why_passed_over(const aws::SharedConfig& shared, const std::string& profile) {
  if (!shared.has_profile(profile)) return "is no profile";
  if (aws::holds_temporary_key(shared, profile)) return "holds temporary keys";
  return "leads to no long-term key";
}

// Names the key that stayed outside of an `exec`, by its id alone.
constexpr const char* outside_exec = "AWSST_SOURCE_ACCESS_KEY_ID";

// Set for a command that prints a key: the profile that the key is for.
constexpr const char* running_for = "AWSST_KEY_PROCESS";

// What marks the key in the environment as a temporary one; the AWS CLI takes the older name too.
std::optional<std::string> token_variable(const os::Environment& environment) {
  for (const char* variable : {"AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"}) {
    if (environment.has(variable)) return variable;
  }
  return std::nullopt;
}

void require_key_text(const char* variable, std::string_view value) {
  if (aws::is_key_text(value)) return;
  throw Error(ErrorKind::failed,
              fmt::format("{} in the environment has a character that no AWS key has", variable),
              {"check where it is set for quotes, spaces or a line end"});
}

aws::AccessKey environment_key(const os::Environment& environment) {
  const auto id = environment.get("AWS_ACCESS_KEY_ID");
  base::Secret secret = environment.secret("AWS_SECRET_ACCESS_KEY");
  const bool whole = id && !secret.empty() && !token_variable(environment);
  if (const auto outer = environment.get(outside_exec); outer && !whole) return {*outer, {}};
  if (!id || secret.empty()) {
    throw Error(ErrorKind::failed, "there is no whole key in the environment",
                {"set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"});
  }
  if (const auto variable = token_variable(environment)) {
    throw Error(ErrorKind::failed, "the key in the environment is a temporary one",
                {fmt::format("unset {} and set your long-term key", *variable)});
  }
  require_key_text("AWS_ACCESS_KEY_ID", *id);
  require_key_text("AWS_SECRET_ACCESS_KEY", secret.reveal());
  if (!aws::is_access_key_id(*id)) {
    throw Error(ErrorKind::failed, "AWS_ACCESS_KEY_ID in the environment is not an access key ID",
                {std::string(aws::swapped_key_hint)});
  }
  return {*id, std::move(secret)};
}

constexpr const char* name_another =
    "name the profile that holds your long-term access key with -s";

Error temporary_key_error(const std::string& profile) {
  return {ErrorKind::failed,
          fmt::format("profile {} gets temporary credentials from elsewhere; they cannot carry an "
                      "MFA code",
                      profile),
          {name_another}};
}

// A source that was named outright: by -s or by a profile. It must do.
SourceKey require_key(const aws::SharedConfig& shared, const os::Environment& environment,
                      const aws::Chain& chain) {
  const std::string& profile = chain.source_profile;
  switch (chain.source) {
    case aws::KeySource::profile:
      if (shared.text(profile, "manager") == aws::manager) {
        throw Error(ErrorKind::failed,
                    fmt::format("profile {} holds a session that this tool wrote, not a long-term "
                                "access key",
                                profile),
                    {name_another});
      }
      return {{aws::access_key_id(shared, profile), {}}, profile};
    case aws::KeySource::environment:
      return {environment_key(environment), ""};
    case aws::KeySource::sso:
      throw Error(ErrorKind::failed,
                  fmt::format("profile {} signs in through IAM Identity Center (SSO)", profile),
                  {"such a session needs no MFA code here: run aws sso login and use the profile "
                   "itself",
                   name_another});
    case aws::KeySource::credential_process:
      if (!aws::may_print_long_term_key(shared, chain)) throw temporary_key_error(profile);
      return {{}, profile, true};
    case aws::KeySource::web_identity:
    case aws::KeySource::instance:
    case aws::KeySource::container:
      throw temporary_key_error(profile);
    case aws::KeySource::unnamed:
      break;
  }
  throw Error(ErrorKind::failed, fmt::format("profile {} names no source of its key", profile),
              {"give it a source_profile, or name one with -s"});
}

}  // namespace

void load_secret(SourceKey& source, os::Files& files, const os::Environment& environment) {
  if (source.profile.empty()) return;
  const aws::SharedConfig shared = read_shared_secrets(files, shared_file_paths(environment));
  if (!source.is_printed) {
    source.key = aws::access_key(shared, source.profile);
    return;
  }
  source.process = shared.text(source.profile, "credential_process");
}

// The command is run by the shell, as most SDKs do it; the AWS CLI, which splits the line itself,
// reads the lines that it accepts alike. Standard input is not its own, so it asks at the terminal.
aws::AccessKey printed_key(const SourceKey& source, os::Process& process,
                           const os::Environment& environment) {
  const std::string& profile = source.profile;
  if (environment.get(running_for) == profile) {
    throw Error(ErrorKind::failed,
                fmt::format("the credential_process of profile {} asks this program for the very "
                            "key that it is to print",
                            profile),
                {"give the profile a command that prints the key itself"});
  }
  const os::ProcessResult result =
      process.run_shell(std::string(source.process), {running_for, profile});
  if (result.status != 0) {
    throw Error(ErrorKind::failed,
                fmt::format("the credential_process of profile {} ended with exit code {}", profile,
                            result.status),
                {"run it by hand; it must print the access key as JSON"});
  }
  auto printed = aws::parse_process_output(result.output);
  if (!printed) {
    throw Error(ErrorKind::failed,
                fmt::format("the credential_process of profile {} printed no access key", profile),
                {"run it by hand; it must print one JSON object with Version, AccessKeyId and "
                 "SecretAccessKey"});
  }
  if (printed->is_temporary) throw temporary_key_error(profile);
  if (!aws::is_access_key_id(printed->key.access_key_id)) {
    throw Error(ErrorKind::failed,
                fmt::format("the AccessKeyId that the credential_process of profile {} printed is "
                            "not an access key ID",
                            profile),
                {std::string(aws::swapped_key_hint)});
  }
  if (!aws::is_key_text(printed->key.secret_access_key.reveal())) {
    throw Error(ErrorKind::failed,
                fmt::format("the SecretAccessKey that the credential_process of profile {} printed "
                            "has a character that no AWS key has",
                            profile),
                {"run it by hand; it must print the access key as JSON"});
  }
  return std::move(printed->key);
}

void require_secret(const SourceKey& source) {
  if (source.is_printed || !source.key.secret_access_key.empty()) return;
  throw Error(ErrorKind::failed,
              "the MFA session is over, and the long-term key that it came from is in the "
              "environment outside of exec",
              {"leave exec and start it again",
               "or store the key in a profile, so that the code can be asked for again in here"});
}

SourceKey find_source_key(const aws::SharedConfig& shared, const os::Environment& environment,
                          const Settings& settings, const std::string& named,
                          const aws::Chain* chosen, os::Messages& messages) {
  if (!named.empty()) return require_key(shared, environment, source_of(shared, named));
  if (chosen != nullptr && chosen->source != aws::KeySource::unnamed) {
    return require_key(shared, environment, *chosen);
  }
  // In there AWS_PROFILE is what exec chose, not the user.
  if (environment.has(outside_exec)) return {environment_key(environment), ""};
  for (const char* variable : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}) {
    const auto profile = environment.get(variable);
    if (!profile) continue;
    const auto chain = usable_chain(shared, *profile);
    if (chain) return require_key(shared, environment, *chain);
    if (environment.get("AWSST_EXEC") == profile) continue;  // of exec's own making
    messages.note(fmt::format("{} names {}, which {}: passed over", variable, *profile,
                              why_passed_over(shared, *profile)));
  }
  if (!settings.source_profile.empty()) {
    return require_key(shared, environment, source_of(shared, settings.source_profile));
  }
  if (environment.has("AWS_ACCESS_KEY_ID") && environment.has("AWS_SECRET_ACCESS_KEY") &&
      !token_variable(environment)) {
    return {environment_key(environment), ""};
  }
  if (const auto chain = usable_chain(shared, "default")) {
    return require_key(shared, environment, *chain);
  }
  throw Error(ErrorKind::failed, "there is no long-term access key to start from",
              {"store the key of your IAM user with: aws configure",
               "or name the profile that holds it with -s"});
}

}  // namespace app
