#pragma once

#include "aws/files/shared_file_check.h"
#include "os/messages.h"

#include <span>
#include <string>

namespace app {

// Tells, by line, what stands in a shared file that the clients refuse or read differently. Said to
// everyone: what makes the AWS CLI refuse the whole file, what reaches into every profile, and any
// difference within the sections `targets`, which are about to be used; the first three and a
// count. The rest only with --verbose. `file` is its name for people.
void warn_of_problems(const aws::SharedFile& shared, aws::FileKind kind, const std::string& file,
                      std::span<const std::string> targets, os::Messages& messages);

}  // namespace app
