#include "aws/files/client_view.h"

#include <fmt/core.h>

namespace aws {
namespace {

struct View {
  std::string takes;
  std::string why;
};

std::vector<ClientView> views(View terraform, View cli, View javascript) {
  return {{"Terraform", std::move(terraform.takes), std::move(terraform.why)},
          {"the AWS CLI and boto3", std::move(cli.takes), std::move(cli.why)},
          {"the SDK for JavaScript", std::move(javascript.takes), std::move(javascript.why)}};
}

std::vector<ClientView> alike(const View& view) { return views(view, view, view); }

// This role's, or that of one that it is assumed from: keys of a source profile end the chain.
bool follows_a_code(const SharedConfig& shared, std::string_view name) {
  for (std::size_t length = 0; length < shared.profiles().size(); ++length) {
    if (!shared.text(name, "mfa_serial").empty()) return true;
    const std::string_view source = shared.text(name, "source_profile");
    if (source.empty() || shared.text(source, "role_arn").empty() ||
        !shared.text(source, "aws_access_key_id").empty()) {
      return false;
    }
    name = source;
  }
  return false;
}

class Profile {
 public:
  Profile(const SharedConfig& shared, const std::string& name) : shared_(shared), name_(name) {}

  bool has(std::string_view key) const { return !text(key).empty(); }
  std::string_view text(std::string_view key) const { return shared_.text(name_, key); }
  bool asks_for_code() const { return follows_a_code(shared_, name_); }
  bool has_keys() const { return has("aws_access_key_id") && has("aws_secret_access_key"); }
  bool has_sso() const { return has("sso_session") || has("sso_start_url"); }
  // The CLI looks into the credentials file for a process before it looks for keys in the other.
  bool process_beats_keys() const {
    return shared_.in_credentials(name_, "credential_process") &&
           !shared_.in_credentials(name_, "aws_access_key_id");
  }

  View keys() const {
    return {has("aws_session_token") ? "the session in its keys" : "its long-term key", ""};
  }
  View role(std::string why = {}) const {
    return {fmt::format("the role {}", text("role_arn")), std::move(why)};
  }

 private:
  const SharedConfig& shared_;
  const std::string& name_;
};

View fails(std::string why) { return {"", std::move(why)}; }

std::vector<ClientView> with_role(const Profile& profile) {
  if (profile.has("source_profile")) {
    if (!profile.asks_for_code()) return alike(profile.role());
    return views(fails("it cannot ask for the MFA code of the role"),
                 profile.role("it asks for the MFA code itself"),
                 fails("it asks for no MFA code unless the program brings a way to"));
  }
  const bool keys = profile.has_keys();
  if (profile.has("web_identity_token_file")) {
    if (!keys) return alike(profile.role("by its web identity"));
    return views(profile.role("assumed with the keys"), fails("keys and a role exclude each other"),
                 profile.keys());
  }
  if (profile.has("credential_source")) {
    if (!keys)
      return alike(profile.role(fmt::format("from {}", profile.text("credential_source"))));
    return views(profile.role("assumed with the keys"), fails("keys and a role exclude each other"),
                 fails("keys and a role exclude each other"));
  }
  const std::string no_source = "the role has no source_profile";
  if (!keys) return alike(fails(no_source));
  return views(profile.role("assumed with the keys"), fails(no_source), profile.keys());
}

}  // namespace

std::vector<ClientView> client_views(const SharedConfig& shared, const std::string& name) {
  const Profile profile(shared, name);
  if (!shared.has_profile(name)) return alike(fails("there is no such profile"));
  if (profile.has("role_arn")) return with_role(profile);
  if (profile.has_keys()) {
    if (profile.has_sso()) {
      return views(profile.keys(), {"its SSO session", "it goes before the keys"}, profile.keys());
    }
    if (profile.has("credential_process") && profile.process_beats_keys()) {
      return views(profile.keys(),
                   {"what its credential_process prints", "the credentials file is read first"},
                   profile.keys());
    }
    return alike(profile.keys());
  }
  if (profile.has_sso()) return alike({"its SSO session", ""});
  if (profile.has("credential_process")) return alike({"what its credential_process prints", ""});
  return alike(fails("it has neither keys nor a role"));
}

}  // namespace aws
