#include "aws/files/overlay.h"

#include "aws/files/ini_text.h"
#include "aws/files/overlay_settings.h"
#include "aws/model/lookalike.h"
#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <optional>
#include <set>

namespace aws {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::string_view id_key = "aws_access_key_id";
constexpr std::string_view secret_key = "aws_secret_access_key";
constexpr std::array<std::string_view, 2> token_keys = {"aws_session_token", "aws_security_token"};

struct SectionName {
  SectionKind kind;
  std::string name;

  auto operator<=>(const SectionName&) const = default;
};

// Nothing for a section that no client knows.
std::optional<SectionName> parse_section_name(std::string_view text, FileKind file) {
  if (const auto profile = profile_of(text, file); !profile.empty()) {
    return SectionName{SectionKind::profile, std::string(profile)};
  }
  if (file == FileKind::credentials) return std::nullopt;
  if (const auto name = ini::name_after("sso-session", text); !name.empty()) {
    return SectionName{SectionKind::sso_session, std::string(name)};
  }
  if (const auto name = ini::name_after("services", text); !name.empty()) {
    return SectionName{SectionKind::services, std::string(name)};
  }
  return std::nullopt;
}

// A section of one name, put together from all that have it. The last of a key counts, at the place
// of the first.
struct MergedSection {
  SectionName name;
  std::string header;  // what stands between its brackets
  std::vector<Property> properties;

  const Property* find(std::string_view key) const {
    const auto found = std::find_if(properties.begin(), properties.end(),
                                    [&](const Property& property) { return property.key == key; });
    return found == properties.end() ? nullptr : &*found;
  }
  std::string_view text(std::string_view key) const {
    const Property* const property = find(key);
    return property == nullptr ? std::string_view{} : property->value;
  }
  std::string_view token() const {
    for (const std::string_view key : token_keys) {
      if (!text(key).empty()) return text(key);
    }
    return {};
  }
  // The ids of long-term keys begin with AKIA, whatever token stands beside them.
  bool has_temporary_key() const {
    const std::string_view id = text(id_key);
    return is_access_key_id(id) && !id.starts_with("AKIA") && !text(secret_key).empty() &&
           !token().empty();
  }
};

// As every client spells it; a name that they disagree about stays as the user spelled it.
std::string header_of(const SectionName& name, std::string_view spelled, FileKind file) {
  if (name.kind != SectionKind::profile || !is_profile_name(name.name)) return std::string(spelled);
  const bool prefixed = file == FileKind::config && name.name != "default";
  return (prefixed ? "profile " : "") + name.name;
}

bool goes_along(SectionKind kind, std::string_view key) {
  return setting(kind, key) != Setting::unknown || key == id_key || key == secret_key ||
         std::find(token_keys.begin(), token_keys.end(), key) != token_keys.end();
}

std::vector<MergedSection> merged_sections(const SharedFile& file, FileKind kind) {
  std::vector<MergedSection> merged;
  std::map<SectionName, std::size_t> places;
  // [profile default] and [default] in one file: the former alone counts.
  const bool default_with_prefix =
      kind == FileKind::config &&
      std::any_of(file.sections().begin(), file.sections().end(), [&](const Section& section) {
        return section.name != "default" && profile_of(section.name, kind) == "default";
      });
  for (const Section& section : file.sections()) {
    if (default_with_prefix && section.name == "default") continue;
    const auto name = parse_section_name(section.name, kind);
    if (!name) continue;
    const auto [place, is_new] = places.try_emplace(*name, merged.size());
    if (is_new) merged.push_back({*name, header_of(*name, section.name, kind), {}});
    std::vector<Property>& properties = merged[place->second].properties;
    for (Property& property : section.properties()) {
      if (!goes_along(name->kind, property.key)) continue;
      const auto same = std::find_if(properties.begin(), properties.end(),
                                     [&](const Property& p) { return p.key == property.key; });
      if (same == properties.end()) {
        properties.push_back(std::move(property));
      } else {
        *same = std::move(property);
      }
    }
  }
  return merged;
}

// Adds every secret that stands in the file but not as part of a temporary key. Shorter texts are
// not AWS's, and would be found in many a word ("test").
void add_long_term_secrets(const SharedFile& file, FileKind kind,
                           std::set<std::string_view>& secrets) {
  constexpr std::size_t shortest = 16;
  std::map<SectionName, std::string_view> temporary_secrets;
  for (const MergedSection& section : merged_sections(file, kind)) {
    if (section.has_temporary_key()) temporary_secrets[section.name] = section.text(secret_key);
  }
  for (const Section& section : file.sections()) {
    const auto name = parse_section_name(section.name, kind);
    const auto known = name ? temporary_secrets.find(*name) : temporary_secrets.end();
    for (const Property& property : section.properties()) {
      if (property.key != secret_key || property.value.size() < shortest) continue;
      if (known == temporary_secrets.end() || known->second != property.value) {
        secrets.insert(property.value);
      }
    }
  }
}

class Overlayer {
 public:
  Overlayer(const SharedConfig& shared, const OverlayPlan& plan) : shared_(shared), plan_(plan) {
    add_long_term_secrets(shared.config(), FileKind::config, secrets_);
    add_long_term_secrets(shared.credentials(), FileKind::credentials, secrets_);
  }

  base::WipedString write(const SharedFile& file, FileKind kind) {
    kind_ = kind;
    out_.clear();
    std::set<std::string> written;
    for (const MergedSection& section : merged_sections(file, kind)) {
      if (!may_stand(section.header)) continue;
      if (section.name.kind == SectionKind::profile) written.insert(section.name.name);
      write_section(section);
    }
    if (kind == FileKind::config) write_new_profiles(written);
    return std::move(out_);
  }

 private:
  void write_section(const MergedSection& section) {
    write_header(section.header);
    const bool is_profile = section.name.kind == SectionKind::profile;
    const bool replaced = is_profile && plan_.processes.contains(section.name.name);
    if (replaced && kind_ == FileKind::config) write_process(section.name.name);
    if (is_profile && !replaced && !plan_.without_keys) write_temporary_key(section);
    for (const Property& property : section.properties) {
      const Setting kind = setting(section.name.kind, property.key);
      if (kind == Setting::block) {
        write_block(section.name.kind, property);
      } else if (kind == Setting::plain || (kind == Setting::source && !replaced)) {
        write_setting(property.key, property.value);
      }
    }
  }

  void write_new_profiles(const std::set<std::string>& written) {
    for (const auto& [profile, process] : plan_.processes) {
      const bool needed = !process.empty() || plan_.regions.contains(profile);
      if (written.contains(profile) || !needed) continue;
      write_header(header_of({SectionKind::profile, profile}, profile, kind_));
      write_process(profile);
    }
  }

  void write_process(const std::string& profile) {
    const std::string& process = plan_.processes.at(profile);
    if (!process.empty()) write_line("credential_process", process);
    const auto region = plan_.regions.find(profile);
    if (region != plan_.regions.end() && shared_.text(profile, "region").empty()) {
      write_line("region", region->second);
    }
  }

  // In full and of one file, as every client takes it.
  void write_temporary_key(const MergedSection& section) {
    if (!section.has_temporary_key()) return;
    const std::string_view secret = section.text(secret_key);
    const std::string_view token = section.token();
    const auto may_be_temporary = [&](std::string_view value) {
      return is_key_text(value) && !holds_known_secret(value);
    };
    if (!may_be_temporary(secret) || !may_be_temporary(token)) return;
    write_line(id_key, section.text(id_key));
    write_line(secret_key, secret);
    for (const std::string_view key : token_keys) {
      if (section.text(key) == token) write_line(key, token);
    }
  }

  void write_block(SectionKind kind, const Property& block) {
    bool has_header = false;
    for (const std::string_view line : block.more) {
      const std::size_t sign = line.find('=');
      if (sign == std::string_view::npos) continue;
      const std::string name = base::to_lower(ini::trim(line.substr(0, sign)));
      const std::string_view value = ini::trim(ini::without_inline_comment(line.substr(sign + 1)));
      if (!is_nested_setting(kind, block.key, name) || !may_stand(value)) continue;
      if (!has_header) out_.append(block.key).append(" =\n");
      has_header = true;
      out_ += "  ";
      write_line(name, value);
    }
  }

  void write_setting(std::string_view key, std::string_view value) {
    if (may_stand(value)) write_line(key, value);
  }

  void write_header(std::string_view header) { out_.append("[").append(header).append("]\n"); }
  void write_line(std::string_view key, std::string_view value) {
    out_.append(key).append(" = ").append(value).append("\n");
  }

  bool holds_known_secret(std::string_view text) const {
    return std::any_of(secrets_.begin(), secrets_.end(), [&](std::string_view secret) {
      return text.find(secret) != std::string_view::npos;
    });
  }

  // A text of one line that can hold no long-term secret, told in these files or not.
  bool may_stand(std::string_view text) const {
    return !text.empty() && !ini::is_comment(text) && base::printable(text) == text &&
           !may_hold_secret(text) && !holds_known_secret(text);
  }

  const SharedConfig& shared_;
  const OverlayPlan& plan_;
  std::set<std::string_view> secrets_;  // of long-term keys, as far as the files tell them
  FileKind kind_ = FileKind::config;
  base::WipedString out_;
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

bool has_device(const SharedConfig& shared, const Chain& chain) {
  return !shared.text(chain.roles.back().profile, "mfa_serial").empty();
}

// A command's key is known to be a long-term one by a role that is assumed with it and an MFA
// device: AWS takes no code with a temporary key.
std::set<std::string> printing_profiles(const SharedConfig& shared, std::span<const Chain> chains) {
  std::set<std::string> profiles;
  for (const Chain& chain : chains) {
    if (may_print_long_term_key(shared, chain) && has_device(shared, chain)) {
      profiles.insert(chain.source_profile);
    }
  }
  return profiles;
}

bool is_assumable(const SharedConfig& shared, const Chain& chain) {
  switch (chain.source) {
    case KeySource::profile:
      return holds_long_term_key(shared, chain.source_profile);
    case KeySource::credential_process:
      return may_print_long_term_key(shared, chain);
    case KeySource::environment:
    case KeySource::unnamed:
      return true;
    case KeySource::sso:
    case KeySource::web_identity:
    case KeySource::instance:
    case KeySource::container:
      break;
  }
  return false;
}

}  // namespace

Overlay overlay(const SharedConfig& shared, const OverlayPlan& plan) {
  Overlayer overlayer(shared, plan);
  return {overlayer.write(shared.config(), FileKind::config),
          overlayer.write(shared.credentials(), FileKind::credentials)};
}

std::vector<Chain> assumable_profiles(const SharedConfig& shared) {
  std::vector<Chain> chains;
  for (const std::string& profile : shared.profiles()) {
    if (shared.text(profile, "role_arn").empty()) continue;
    try {
      Chain chain = resolve_chain(shared, profile);
      if (!chain.roles.empty() && is_assumable(shared, chain)) chains.push_back(std::move(chain));
    } catch (const Error&) {
      // A profile that cannot be resolved is told of by whoever uses it.
    }
  }
  const std::set<std::string> printing = printing_profiles(shared, chains);
  std::erase_if(chains, [&](const Chain& chain) {
    return chain.source == KeySource::credential_process &&
           !printing.contains(chain.source_profile);
  });
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
