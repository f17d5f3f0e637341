#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace support {

// The folder of published test data. It is no part of this project; absent, its tests are skipped.
std::filesystem::path vectors();
std::filesystem::path project();                           // the root of the source tree
std::string read_file(const std::filesystem::path& path);  // throws when it cannot be read
nlohmann::json read_json(const std::filesystem::path& path);

}  // namespace support

// First line of a test that reads published data.
#define SKIP_WITHOUT_VECTORS()                                                   \
  if (!std::filesystem::exists(support::vectors())) {                            \
    GTEST_SKIP() << "SKIPPED: no published test data at " << support::vectors(); \
  }
