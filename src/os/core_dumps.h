#pragma once

namespace os {

// A core dump would hold keys, and whoever may trace this process could read them. The limit is
// lowered for ourselves only as far as it can be raised again.
void forbid_core_dumps();

// Gives the limit back, just before another program takes our place. That execve() makes the
// process one that its user may look into is the kernel's doing.
void restore_core_limit();

}  // namespace os
