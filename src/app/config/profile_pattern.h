#pragma once

#include <string>
#include <string_view>

namespace app {

// The pattern of -p and of the setting `profile`: the name of a profile to write, in which {name}
// and {account} stand for what each role puts there.
bool has_placeholder(std::string_view pattern);
std::string fill_in(std::string pattern, std::string_view name, std::string_view account);

// Throws Error{usage} for a pattern that no role can make a profile's name of.
void require_profile_pattern(std::string_view pattern);

}  // namespace app
