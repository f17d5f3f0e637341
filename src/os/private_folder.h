#pragma once

#include <optional>
#include <string>

namespace os {

// Why nothing may be kept in `folder`, an absolute path, as a sentence without a final stop;
// nothing where it may. The folder and what is in it must be ours and closed to everybody else, and
// nobody but root and us may be able to put another in its place. Our own folder that is open to
// others is closed, a folder that does not exist yet is not made, and pages of the browser that a
// killed process left in it are removed.
std::optional<std::string> private_folder_problem(const std::string& folder);

// The same of a file in it, without what is above. Nothing too where there is no such file.
std::optional<std::string> private_file_problem(const std::string& file);

}  // namespace os
