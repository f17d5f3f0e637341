#pragma once

#include "os/snapshot.h"

#include <string>
#include <string_view>

namespace os {

// The file is a mount point of its own, as single files are in development containers: the system
// then refuses to put another file in its place (EBUSY), and it can only be written in place.
bool is_mount_point(const std::string& path);

// Writes into the file itself. Unlike a replacement this is not atomic: whoever reads at that
// moment may see a part, and so may whoever comes after a kill in the middle. Room is reserved
// before the first byte is changed, and the old bytes come back when writing fails. The mode
// becomes the owner's alone. False, with everything as it was, when another program has changed the
// file since `old`. Throws Error{failed}.
bool overwrite(const std::string& path, std::string_view bytes, const Snapshot& old);

}  // namespace os
