#pragma once

#include <string_view>

// Which settings of the shared files go into an overlay. Source: AWS SDKs and Tools Reference
// Guide, "Settings reference", and the AWS CLI's own ("aws help config-vars").
namespace aws {

enum class SectionKind { profile, sso_session, services };

// What a setting is to the overlay.
enum class Setting {
  unknown,  // does not go along
  plain,    // `key = value`
  source,   // the same, of where credentials come from
  block     // `key =` with nested `name = value` lines
};

Setting setting(SectionKind kind, std::string_view key) noexcept;
// Whether `name` is a setting that stands nested below `block`.
bool is_nested_setting(SectionKind kind, std::string_view block, std::string_view name) noexcept;

}  // namespace aws
