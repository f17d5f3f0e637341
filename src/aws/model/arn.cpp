#include "aws/model/arn.h"

#include "base/text.h"

#include <fmt/core.h>

namespace aws {
namespace {

bool names_iam(const Arn& arn, std::string_view type) noexcept {
  return arn.service == "iam" && std::string_view(arn.resource).starts_with(type);
}

}  // namespace

std::optional<Arn> parse_arn(std::string_view text) {
  const auto parts = base::split(text, ':');
  if (parts.size() < 6 || parts[0] != "arn") return std::nullopt;
  const std::size_t resource = static_cast<std::size_t>(parts[5].data() - text.data());
  Arn arn{std::string(parts[1]), std::string(parts[2]), std::string(parts[3]),
          std::string(parts[4]), std::string(text.substr(resource))};
  if (arn.partition.empty() || arn.service.empty() || arn.resource.empty()) return std::nullopt;
  return arn;
}

std::string to_string(const Arn& arn) {
  return fmt::format("arn:{}:{}:{}:{}:{}", arn.partition, arn.service, arn.region, arn.account,
                     arn.resource);
}

bool is_account_id(std::string_view text) noexcept {
  return text.size() == 12 && base::is_digits(text);
}

bool is_user(const Arn& arn) noexcept { return names_iam(arn, "user/"); }
bool is_role(const Arn& arn) noexcept { return names_iam(arn, "role/"); }
bool is_root(const Arn& arn) noexcept { return arn.service == "iam" && arn.resource == "root"; }

std::string_view name_of(const Arn& arn) noexcept {
  const std::string_view resource = arn.resource;
  return resource.substr(resource.rfind('/') + 1);
}

std::string_view path_of(const Arn& arn) noexcept {
  const std::string_view resource = arn.resource;
  const std::size_t first = resource.find('/');
  if (first == std::string_view::npos) return "/";
  return resource.substr(first, resource.rfind('/') - first + 1);
}

std::string role_arn(std::string_view partition, std::string_view account,
                     std::string_view path_and_name) {
  if (path_and_name.starts_with('/')) path_and_name.remove_prefix(1);
  return fmt::format("arn:{}:iam::{}:role/{}", partition, account, path_and_name);
}

std::optional<AssumedRole> parse_assumed_role(std::string_view text) {
  const auto arn = parse_arn(text);
  if (!arn || arn->service != "sts") return std::nullopt;
  const auto parts = base::split(arn->resource, '/');
  if (parts.size() != 3 || parts[0] != "assumed-role") return std::nullopt;
  if (parts[1].empty() || parts[2].empty()) return std::nullopt;
  return AssumedRole{arn->partition, arn->account, std::string(parts[1]), std::string(parts[2])};
}

MfaDevice mfa_device(std::string_view serial_number) {
  if (serial_number.empty()) return MfaDevice::none;
  if (!serial_number.starts_with("arn:")) return MfaDevice::hardware_token;
  const auto arn = parse_arn(serial_number);
  if (!arn) return MfaDevice::none;
  if (names_iam(*arn, "mfa/")) return MfaDevice::virtual_device;
  if (names_iam(*arn, "u2f/")) return MfaDevice::fido;
  if (names_iam(*arn, "sms-mfa/")) return MfaDevice::sms;
  return MfaDevice::none;
}

bool usable_with_sts(MfaDevice device) noexcept {
  return device == MfaDevice::virtual_device || device == MfaDevice::hardware_token;
}

}  // namespace aws
