#pragma once

#include <optional>
#include <string>
#include <vector>

namespace os {

// What is known of a file without opening it.
struct FileStatus {
  unsigned mode = 0;  // permission bits
  bool is_file = false;
  bool ours = false;                // it belongs to the user of this process
  std::vector<std::string> strays;  // paths of temporary files that a killed update of it left
};

// Looks at files without opening them.
class FileProbe {
 public:
  virtual ~FileProbe() = default;
  // Links are followed. Nothing where the file does not exist. Throws Error{failed} when that
  // cannot be determined.
  virtual std::optional<FileStatus> status(const std::string& path) = 0;
  // The names in the folder, sorted; none where the folder does not exist or cannot be read.
  virtual std::vector<std::string> names_in(const std::string& folder) = 0;
};

class SystemFileProbe : public FileProbe {
 public:
  std::optional<FileStatus> status(const std::string& path) override;
  std::vector<std::string> names_in(const std::string& folder) override;
};

}  // namespace os
