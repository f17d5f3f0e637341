#include "aws/model/role_reference.h"

#include "aws/model/arn.h"
#include "aws/model/lookalike.h"
#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <fmt/core.h>
#include <utility>
#include <vector>

namespace aws {
namespace {

using Form = RoleReference::Form;

[[noreturn]] void refuse(std::string what, std::vector<std::string> hints) {
  throw base::Error(base::ErrorKind::usage, std::move(what), std::move(hints));
}

// IAM API Reference, RoleName: [\w+=,.@-]+, 1 to 64.
bool is_role_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= 64 && base::is_alphanumeric(name, "_+=,.@-");
}

// IAM API Reference, Path: "/", or printable ASCII between two slashes; 1 to 512.
bool is_role_path(std::string_view path) noexcept {
  return path.size() <= 512 && path.starts_with('/') && path.ends_with('/') &&
         std::all_of(path.begin(), path.end(), [](char c) { return c >= 0x21 && c <= 0x7e; });
}

[[noreturn]] void refuse_name(std::string_view name, std::string_view typed) {
  if (name.empty()) {
    refuse(fmt::format("`{}` does not name a role", base::printable(typed)),
           {"put the role's name at the end, as in `/team/AdminRole`"});
  }
  refuse(fmt::format("`{}` cannot be the name of a role", base::printable(name)),
         {"a role's name has 1 to 64 characters: ASCII letters, digits and _+=,.@-"});
}

// "Admin", "/Admin" or "/team/Admin".
void read_path_and_name(std::string_view text, std::string_view typed, RoleReference& role) {
  const std::size_t slash = text.rfind('/');
  if (slash != std::string_view::npos) role.path = text.substr(0, slash + 1);
  role.name = text.substr(slash + 1);
  if (!is_role_name(role.name)) refuse_name(role.name, typed);
  if (is_role_path(role.path)) return;
  refuse(fmt::format("`{}` cannot be the path of a role", base::printable(role.path)),
         {"a role's path begins and ends with a slash and has at most 512 ASCII characters, "
          "without spaces"});
}

// What the ARN names instead, for a sentence.
std::string_view described(const Arn& arn) {
  if (arn.service == "sts") {
    if (arn.resource.starts_with("federated-user/")) return "a federated user";
    return "a session";
  }
  if (arn.service != "iam") return "nothing of IAM";
  if (is_root(arn)) return "the root user";
  if (is_user(arn)) return "a user";
  static constexpr std::pair<std::string_view, std::string_view> types[] = {
      {"policy/", "a policy"},
      {"group/", "a group"},
      {"instance-profile/", "an instance profile"},
      {"mfa/", "an MFA device"},
      {"u2f/", "an MFA device"},
      {"sms-mfa/", "an MFA device"}};
  for (const auto& [prefix, words] : types) {
    if (arn.resource.starts_with(prefix)) return words;
  }
  return "something else";
}

RoleReference parse_arn_reference(std::string_view text) {
  const std::string typed = base::printable(text);
  if (const auto session = parse_assumed_role(text)) {
    refuse(fmt::format("`{}` is the ARN of a session, not of a role", typed),
           {fmt::format("give the role's own ARN: {}",
                        role_arn(session->partition, session->account, session->role)),
            "a session's ARN leaves out the role's path; where the role has one, it stands before "
            "the name"});
  }
  static constexpr std::string_view shape =
      "a role's ARN looks like arn:aws:iam::123456789012:role/AdminRole";
  const auto arn = parse_arn(text);
  if (!arn || !arn->partition.starts_with("aws")) {
    refuse(fmt::format("`{}` is not an ARN", typed), {std::string(shape)});
  }
  if (!is_role(*arn)) {
    refuse(fmt::format("`{}` is not the ARN of a role: it names {}", typed, described(*arn)),
           {std::string(shape)});
  }
  if (!arn->region.empty() || !is_account_id(arn->account)) {
    refuse(fmt::format(
               "`{}` is not the ARN of a role: {}", typed,
               arn->region.empty() ? "its account is not 12 digits" : "IAM's ARNs have no region"),
           {std::string(shape)});
  }
  RoleReference role{Form::arn, arn->partition, arn->account, "/", ""};
  read_path_and_name(std::string_view(arn->resource).substr(4), text, role);
  return role;
}

// Digits, perhaps with dashes as the console shows them, before a colon: meant as an account.
bool names_account(std::string_view before_colon) noexcept {
  return !before_colon.empty() &&
         before_colon.find_first_not_of("0123456789-") == std::string_view::npos;
}

void check_account(std::string_view account, std::string_view rest) {
  if (is_account_id(account)) return;
  std::string digits(account);
  std::erase(digits, '-');
  refuse(fmt::format("the account `{}` is not 12 digits", account),
         {is_account_id(digits)
              ? fmt::format("without the dashes: {}:{}", digits, base::printable(rest))
              : std::string("an account number has 12 digits, including leading zeros")});
}

void refuse_lookalike(std::string_view text) {
  const Lookalike what = lookalike(text);
  if (what == Lookalike::none) return;
  // Not repeated: it may be a secret.
  refuse(fmt::format("this looks like {}, not like a role", describe(what)),
         {"if a role really has that name, put `role/` before it"});
}

}  // namespace

RoleReference parse_role_reference(std::string_view text) {
  text = base::trim(text);
  if (text.empty()) refuse("the role is empty", {"give a role's name, its ARN or a profile"});
  if (text.starts_with("arn:")) return parse_arn_reference(text);
  refuse_lookalike(text);

  RoleReference role;
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos && names_account(text.substr(0, colon))) {
    std::string_view rest = text.substr(colon + 1);
    check_account(text.substr(0, colon), rest);
    role.form = Form::account;
    role.account = text.substr(0, colon);
    if (rest.starts_with("role/")) rest.remove_prefix(4);  // the tail of an ARN
    read_path_and_name(rest, text, role);
  } else if (text.starts_with('/')) {
    role.form = Form::path;
    read_path_and_name(text, text, role);
  } else if (text.starts_with("role/")) {
    role.form = Form::role;
    read_path_and_name(text.substr(4), text, role);
  } else {
    role.form = is_role_name(text) ? Form::name : Form::profile;
    role.name = text;
  }
  return role;
}

std::string role_arn(const RoleReference& role, std::string_view partition,
                     std::string_view account) {
  if (role.form == Form::profile) refuse_name(role.name, role.name);
  return role_arn(role.partition.empty() ? partition : std::string_view(role.partition),
                  role.account.empty() ? account : std::string_view(role.account),
                  role.path + role.name);
}

}  // namespace aws
