#pragma once

#include <optional>
#include <string>
#include <vector>

namespace os {

// What a file is, without a look into it.
struct FileStatus {
  unsigned mode = 0;  // permission bits
  bool is_file = false;
  bool ours = false;                // it belongs to this process's user
  std::vector<std::string> strays;  // temporary files that a killed update of it left, whole paths
};

// At files from outside: nothing is opened.
class FileProbe {
 public:
  virtual ~FileProbe() = default;
  // Links are followed; nothing when it is not there. Throws Error{failed} when nobody can tell.
  virtual std::optional<FileStatus> status(const std::string& path) = 0;
  // The names of what is in the folder, sorted; none where there is no folder, or none to be seen.
  virtual std::vector<std::string> names_in(const std::string& folder) = 0;
};

class SystemFileProbe : public FileProbe {
 public:
  std::optional<FileStatus> status(const std::string& path) override;
  std::vector<std::string> names_in(const std::string& folder) override;
};

}  // namespace os
