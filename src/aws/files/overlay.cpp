#include "aws/files/overlay.h"

#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <fmt/core.h>

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
    std::set<std::string> profiles = profiles_of(shared_.config(), FileKind::config);
    for (const auto& [profile, process] : plan_.processes) {
      if (!process.empty() || plan_.regions.contains(profile)) profiles.insert(profile);
    }
    return edited(shared_.config(), FileKind::config, edits_of(profiles, true));
  }

  base::WipedString credentials() {
    const auto profiles = profiles_of(shared_.credentials(), FileKind::credentials);
    return edited(shared_.credentials(), FileKind::credentials, edits_of(profiles, false));
  }

 private:
  static std::set<std::string> profiles_of(const SharedFile& file, FileKind kind) {
    std::set<std::string> profiles;
    for (const Section& section : file.sections()) {
      const std::string_view profile = profile_of(section.name, kind);
      if (!profile.empty()) profiles.emplace(profile);
    }
    return profiles;
  }

  std::vector<SectionEdit> edits_of(const std::set<std::string>& profiles, bool in_config) const {
    std::vector<SectionEdit> edits;
    for (const std::string& profile : profiles) {
      if (auto edit = edit_of(profile, in_config)) edits.push_back(std::move(*edit));
    }
    return edits;
  }

  std::optional<SectionEdit> edit_of(const std::string& profile, bool in_config) const {
    SectionEdit edit;
    edit.profile = profile;
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
  return base::is_letter_or_digit(c) || punctuation.find(c) != std::string_view::npos;
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

std::vector<std::string> credential_process_words(std::string_view line) {
  std::vector<std::string> words;
  for (line = base::trim(line); !line.empty(); line = base::trim(line)) {
    const bool quoted = line.front() == '"';
    if (quoted) line.remove_prefix(1);
    const std::size_t end = std::min(line.find(quoted ? '"' : ' '), line.size());
    words.emplace_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return words;
}

}  // namespace aws
