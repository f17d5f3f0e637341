#include "aws/files/overlay_settings.h"

#include <algorithm>
#include <array>
#include <span>

namespace aws {
namespace {

// Where the clients, or aws-vault and this program, take credentials from.
constexpr std::array<std::string_view, 19> sources = {
    "role_arn",           "source_profile",
    "credential_source",  "external_id",
    "mfa_serial",         "mfa_process",
    "duration_seconds",   "role_session_name",
    "session_tags",       "transitive_session_tags",
    "source_identity",    "web_identity_token_file",
    "credential_process", "sso_session",
    "sso_account_id",     "sso_role_name",
    "sso_start_url",      "sso_region",
    "login_session"};

constexpr std::array<std::string_view, 48> plain = {"region",
                                                    "output",
                                                    "services",
                                                    "endpoint_url",
                                                    "ignore_configured_endpoint_urls",
                                                    "use_fips_endpoint",
                                                    "use_dualstack_endpoint",
                                                    "sts_regional_endpoints",
                                                    "sts_web_identity_token_endpoint_mode",
                                                    "sso_registration_scopes",
                                                    "ca_bundle",
                                                    "retry_mode",
                                                    "max_attempts",
                                                    "defaults_mode",
                                                    "parameter_validation",
                                                    "tcp_keepalive",
                                                    "account_id_endpoint_mode",
                                                    "auth_scheme_preference",
                                                    "sigv4a_signing_region_set",
                                                    "endpoint_discovery_enabled",
                                                    "enable_endpoint_discovery",
                                                    "disable_request_compression",
                                                    "request_min_compression_size_bytes",
                                                    "request_checksum_calculation",
                                                    "response_checksum_validation",
                                                    "sdk_ua_app_id",
                                                    "user_agent_appid",
                                                    "inject_host_prefix",
                                                    "disable_host_prefix_injection",
                                                    "ec2_metadata_service_endpoint",
                                                    "ec2_metadata_service_endpoint_mode",
                                                    "ec2_metadata_v1_disabled",
                                                    "ec2_instance_profile_name",
                                                    "metadata_service_timeout",
                                                    "metadata_service_num_attempts",
                                                    "s3_use_arn_region",
                                                    "s3_us_east_1_regional_endpoint",
                                                    "s3_disable_multiregion_access_points",
                                                    "s3_disable_express_session_auth",
                                                    "cli_timestamp_format",
                                                    "cli_follow_urlparam",
                                                    "cli_follow_redirects",
                                                    "cli_binary_format",
                                                    "cli_pager",
                                                    "cli_history",
                                                    "cli_auto_prompt",
                                                    "cli_help_output",
                                                    "cli_hide_progress"};

constexpr std::array<std::string_view, 15> of_s3 = {"max_concurrent_requests",
                                                    "max_queue_size",
                                                    "multipart_threshold",
                                                    "multipart_chunksize",
                                                    "io_chunksize",
                                                    "max_bandwidth",
                                                    "target_bandwidth",
                                                    "preferred_transfer_client",
                                                    "use_accelerate_endpoint",
                                                    "use_dualstack_endpoint",
                                                    "use_arn_region",
                                                    "us_east_1_regional_endpoint",
                                                    "addressing_style",
                                                    "payload_signing_enabled",
                                                    "signature_version"};

constexpr std::array<std::string_view, 3> of_sso_sessions = {"sso_start_url", "sso_region",
                                                             "sso_registration_scopes"};

bool contains(std::span<const std::string_view> names, std::string_view name) noexcept {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The identifier of a service, as [services] names it: "elastic_beanstalk".
bool is_identifier(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

}  // namespace

Setting setting(SectionKind kind, std::string_view key) noexcept {
  switch (kind) {
    case SectionKind::profile:
      if (contains(sources, key)) return Setting::source;
      if (key == "s3") return Setting::block;
      return contains(plain, key) ? Setting::plain : Setting::unknown;
    case SectionKind::sso_session:
      return contains(of_sso_sessions, key) ? Setting::plain : Setting::unknown;
    case SectionKind::services:
      return is_identifier(key) ? Setting::block : Setting::unknown;
  }
  return Setting::unknown;
}

bool is_nested_setting(SectionKind kind, std::string_view block, std::string_view name) noexcept {
  if (kind == SectionKind::services) return name == "endpoint_url";
  return block == "s3" && contains(of_s3, name);
}

}  // namespace aws
