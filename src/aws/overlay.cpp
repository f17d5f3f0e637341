#include "aws/overlay.h"

#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace aws {
namespace {

using base::Error;
using base::ErrorKind;

const std::vector<std::string> key_names = {"aws_access_key_id", "aws_secret_access_key",
                                            "aws_session_token", "aws_security_token"};

// What the clients, aws-vault or we would take credentials from.
const std::vector<std::string> source_names = {"role_arn",           "source_profile",
                                               "credential_source",  "external_id",
                                               "mfa_serial",         "mfa_process",
                                               "duration_seconds",   "role_session_name",
                                               "session_tags",       "transitive_session_tags",
                                               "source_identity",    "web_identity_token_file",
                                               "credential_process", "sso_session",
                                               "sso_account_id",     "sso_role_name",
                                               "sso_start_url",      "sso_region",
                                               "login_session"};

std::vector<std::string> keys_and_sources() {
  std::vector<std::string> all = key_names;
  all.insert(all.end(), source_names.begin(), source_names.end());
  return all;
}

class Overlayer {
 public:
  Overlayer(const SharedConfig& shared, const OverlayPlan& plan) : shared_(shared), plan_(plan) {}

  base::WipedString config() {
    std::vector<SectionEdit> edits;
    std::set<std::string_view> seen;
    std::set<std::string> written;
    for (const Section& section : shared_.config().sections()) {
      const std::string profile(config_profile_name(section.name));
      if (profile.empty() || !seen.insert(section.name).second) continue;
      // Of a name in two spellings the clients take this one or that one: both get it.
      if (auto edit = edit_of(std::string(section.name), profile, true)) {
        edits.push_back(std::move(*edit));
      }
      written.insert(profile);
    }
    for (const auto& [profile, process] : plan_.processes) {
      const bool says_nothing = process.empty() && !plan_.regions.contains(profile);
      if (written.contains(profile) || says_nothing) continue;
      const std::string section = profile == "default" ? profile : "profile " + profile;
      edits.push_back(*edit_of(section, profile, true));
    }
    return edited(shared_.config(), edits);
  }

  base::WipedString credentials() {
    std::vector<SectionEdit> edits;
    std::set<std::string_view> seen;
    for (const Section& section : shared_.credentials().sections()) {
      if (!seen.insert(section.name).second) continue;
      const std::string name(section.name);
      if (auto edit = edit_of(name, name, false)) edits.push_back(std::move(*edit));
    }
    return edited(shared_.credentials(), edits);
  }

 private:
  std::optional<SectionEdit> edit_of(const std::string& section, const std::string& profile,
                                     bool in_config) const {
    SectionEdit edit;
    edit.section = section;
    if (const auto process = plan_.processes.find(profile); process != plan_.processes.end()) {
      edit.remove = keys_and_sources();
      if (in_config && !process->second.empty()) {
        edit.set.emplace_back("credential_process", base::WipedString(process->second));
      }
      const auto region = plan_.regions.find(profile);
      if (in_config && region != plan_.regions.end() && shared_.text(profile, "region").empty()) {
        edit.set.emplace_back("region", base::WipedString(region->second));
      }
      return edit;
    }
    if (!plan_.without_keys.contains(profile)) return std::nullopt;
    edit.remove = key_names;
    return edit;
  }

  const SharedConfig& shared_;
  const OverlayPlan& plan_;
};

bool is_plain(char c) {
  constexpr std::string_view punctuation = "_./%@:+=,-";
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         punctuation.find(c) != std::string_view::npos;
}

bool is_quotable(char c) {
  constexpr std::string_view troublesome = "#;$~|`\"\\";
  return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f &&
         troublesome.find(c) == std::string_view::npos;
}

bool is_assumable(const SharedConfig& shared, const Chain& chain) {
  if (chain.roles.empty()) return false;
  if (chain.source != KeySource::profile) {
    return chain.source == KeySource::environment || chain.source == KeySource::unnamed;
  }
  return holds_long_term_key(shared, chain.source_profile);
}

}  // namespace

Overlay overlay(const SharedConfig& shared, const OverlayPlan& plan) {
  Overlayer overlayer(shared, plan);
  return {overlayer.config(), overlayer.credentials()};
}

std::vector<Chain> assumable_profiles(const SharedConfig& shared) {
  std::vector<Chain> chains;
  for (const std::string& profile : shared.profiles()) {
    if (shared.text(profile, "role_arn").empty()) continue;
    try {
      Chain chain = resolve_chain(shared, profile);
      if (is_assumable(shared, chain)) chains.push_back(std::move(chain));
    } catch (const Error&) {
      // A profile that cannot be resolved is told of by whoever uses it.
    }
  }
  return chains;
}

std::string credential_process(std::span<const std::string> words) {
  std::string line;
  for (const std::string& word : words) {
    if (!std::all_of(word.begin(), word.end(), is_quotable)) {
      throw Error(ErrorKind::usage,
                  fmt::format("`{}` cannot be part of a credential_process: the clients read its "
                              "characters in different ways",
                              base::printable(word)),
                  {"do without any of # ; $ ~ | ` \" and \\ in it"});
    }
    const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), is_plain);
    if (!line.empty()) line += ' ';
    line += plain ? word : "\"" + word + "\"";
  }
  return line;
}

}  // namespace aws
